package asyncio.internal.http.session

/** @throws IllegalArgumentException if the setting [name] is zero or negative */
internal fun positive(
    name: String,
    value: Int,
): Int {
    require(value > 0) { "$name is not positive: $value" }
    return value
}
