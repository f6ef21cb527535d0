# Stands for the profile of root.
