"""The dialect `contract`: the methods of the spec's §2, to the letter."""
