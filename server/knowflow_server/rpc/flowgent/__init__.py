"""The servicers of FlowGent."""
