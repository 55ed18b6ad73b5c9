"""The shop of a chatbot: products, stock, discounts, carts and orders."""
