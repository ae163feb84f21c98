"""The mini profile: a model of 111,104 parameters and seven targets, for two minutes on two cores."""
