"""My lists: a cart saved under a name, quoted anew whenever it is opened."""
