"""What a customer is likely to be worth: two models fitted on counts of buyers, and what they say of each buyer."""
