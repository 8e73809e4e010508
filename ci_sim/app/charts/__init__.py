"""The charts of the app, a file per chart: numbers and texts in, a :class:`~ci_sim.app.charts.chart.Chart` out."""
