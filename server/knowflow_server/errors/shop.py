"""Errors of shops, carts and orders."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class ProductNotFoundError(KnowFlowError):
    """The product does not exist in the chatbot."""

    code, reason, template = "NOT_FOUND", "PRODUCT_NOT_FOUND", "The product {product_id} does not exist."


class VariantNotFoundError(KnowFlowError):
    """The variant does not exist in the product, or in the chatbot."""

    code, reason, template = "NOT_FOUND", "VARIANT_NOT_FOUND", "The variant {variant_id} does not exist."


class VariantTakenError(KnowFlowError):
    """The product has a variant with the same values."""

    code, reason = "ALREADY_EXISTS", "VARIANT_TAKEN"
    template = "The product has a variant {values} already."


class ProductWithoutVariantsError(KnowFlowError):
    """The product was made without variants, so that none can be added or taken away."""

    code, reason = "FAILED_PRECONDITION", "PRODUCT_WITHOUT_VARIANTS"
    template = (
        "The product {product_id} has no variants but the one which it is itself; make another with `use_variant`."
    )


class ShopNameNotFoundError(KnowFlowError):
    """The product tag, type or vendor does not exist in the chatbot."""

    code, reason, template = "NOT_FOUND", "SHOP_NAME_NOT_FOUND", "The {kind} {id} does not exist."


class ShopNameTakenError(KnowFlowError):
    """Another product tag, type or vendor has the name."""

    code, reason, template = "ALREADY_EXISTS", "SHOP_NAME_TAKEN", "There is a {kind} with this name already: {id}."


class DiscountCodeNotFoundError(KnowFlowError):
    """The discount code does not exist in the chatbot."""

    code, reason, template = "NOT_FOUND", "DISCOUNT_CODE_NOT_FOUND", "The discount code {code} does not exist."


class DiscountCodeTakenError(KnowFlowError):
    """Another discount code is written alike."""

    code, reason = "ALREADY_EXISTS", "DISCOUNT_CODE_TAKEN"
    template = "There is a discount code {code} already."


class DiscountRefusedError(KnowFlowError):
    """The rules of the discount code do not let it be used for this."""

    code, reason = "FAILED_PRECONDITION", "DISCOUNT_REFUSED"
    template = "The discount code {code} cannot be used: {cause}"


class LocationNotFoundError(KnowFlowError):
    """The location does not exist in the chatbot."""

    code, reason, template = "NOT_FOUND", "LOCATION_NOT_FOUND", "The location {location_id} does not exist."


class OrderNotFoundError(KnowFlowError):
    """The order does not exist in the chatbot, or is another subscriber's."""

    code, reason, template = "NOT_FOUND", "ORDER_NOT_FOUND", "The order {order_id} does not exist."


class OrderStatusRefusedError(KnowFlowError):
    """An order does not go from its status to the new one."""

    code, reason = "FAILED_PRECONDITION", "ORDER_STATUS_REFUSED"
    template = "An order that is {present} cannot become {wanted}. It can become: {possible}."


class OrderClosedError(KnowFlowError):
    """The items of an order can no longer change."""

    code, reason = "FAILED_PRECONDITION", "ORDER_CLOSED"
    template = "The items of an order that is {present} cannot change any more."


class ShopLimitReachedError(KnowFlowError):
    """The shop has as many things of a kind as it may have."""

    code, reason = "FAILED_PRECONDITION", "SHOP_LIMIT_REACHED"
    template = "There are {limit} things of this kind ({kind}) already, which is as many as there may be; delete some."


class OutOfStockError(KnowFlowError):
    """There is less in stock than is asked for."""

    code, reason = "FAILED_PRECONDITION", "OUT_OF_STOCK"
    template = "Of the variant {variant_id}, {name}, {available} are in stock, not {wanted}."


class NotForSaleError(KnowFlowError):
    """The product is inactive."""

    code, reason, template = "FAILED_PRECONDITION", "NOT_FOR_SALE", "{name} (variant {variant_id}) is not for sale."


class CartEmptyError(KnowFlowError):
    """There is nothing in the cart."""

    code, reason, template = "FAILED_PRECONDITION", "CART_EMPTY", "The cart of {user_ns} is empty."


class NotInCartError(KnowFlowError):
    """The variant is not in the cart."""

    code, reason = "NOT_FOUND", "NOT_IN_CART"
    template = "The variant {variant_id} is not in the cart of {user_ns}."
