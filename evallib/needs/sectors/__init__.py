"""What a need is about: words, topics, labelled statements, the classifier."""
