"""The scenes of the guided tour: each is one idea, and nothing but a view that a link opens."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ci_sim.app.state import Overrides, View

__all__ = ["SCENES", "Scene", "scene_of", "scene_view", "strayed"]

SCENE = "learn.scene"
"""The choice that holds a scene's name."""
BOTH = ("isolated", "collective_impact")
THREE = ("isolated", "isolated_equal_spend", "collective_impact")
SUFFICES = (
    ("backbone.staff", "0.5"), ("horizon.months", "60"), ("organizations.attempts", "0.3"),
    ("organizations.evaluation_noise", "0"), ("organizations.resourcing", "6"), ("problem.interdependence", "0"),
)  # fmt: skip
"""A technical problem, well covered and well measured; slow organizations, and half a person for all of them."""


@dataclass(frozen=True)
class Scene:
    """One idea of the tour.

    Attributes
    ----------
    name : its texts are ``learn.scenes.<name>.*``.
    charts : what is drawn of its ensemble.
    page : where it opens when somebody wants to look closer.
    """

    name: str
    charts: tuple[str, ...] = ("means",)
    page: str = "compare"
    scenario: str = "default"
    arms: tuple[str, ...] = BOTH
    overrides: Overrides = ()
    baseline: Overrides = ()
    month: int | None = None


def _focus(value: int) -> Overrides:
    return (("equity.focus", str(value)),)


SCENES = {
    scene.name: scene
    for scene in (
        Scene("gaps", ("shares",), page="watch"),
        Scene("complexity", arms=("isolated",), baseline=(("problem.interdependence", "0"),)),
        Scene("scaling", arms=("isolated",), overrides=(("organizations.resourcing", "3.6"),)),
        Scene("together", ("alone",), page="conditions"),
        Scene("backbone", arms=("collective_impact",), overrides=(("organizations.count", "96"),)),
        Scene("grant", scenario="grant_ends"),
        Scene("equity", ("means", "benefits"), overrides=_focus(0), baseline=_focus(1), month=60),
        Scene("losing", ("differences",), arms=THREE, overrides=SUFFICES, baseline=SUFFICES),
    )
}
"""In the order of the tour."""


def scene_of(view: View) -> Scene | None:
    """The scene a view is at; None before the first."""
    return SCENES.get(view.choice(SCENE))


def scene_view(scene: Scene, view: View) -> View:
    """The view a scene is: of the visitor's, seed, language and choices stay."""
    return replace(
        view, scenario=scene.scenario, file="", overrides=scene.overrides, baseline=scene.baseline, arms=scene.arms,
        month=scene.month,
    ).choose(SCENE, scene.name)  # fmt: skip


def strayed(scene: Scene, view: View) -> bool:
    """Whether what is on show is no longer the scene: somebody has moved a slider, or another scenario was picked."""
    return replace(scene_view(scene, view), month=view.month) != view
