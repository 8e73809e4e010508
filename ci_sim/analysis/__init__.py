"""What results say: tables of runs in, estimates with intervals and sentences out."""
