package asyncio.internal.http.message

/** Bootstring with the parameters of Punycode (RFC 3492). */
internal object Punycode {
    /** The label without the prefix `xn--`; [label] has a character that is not ASCII. */
    fun encode(label: String): String {
        val points = label.codePoints().toArray()
        val encoded = StringBuilder()
        for (point in points) if (point < FIRST) encoded.append(point.toChar())
        val basic = encoded.length
        if (basic > 0) encoded.append('-')
        var done = basic
        var next = FIRST
        var bias = FIRST_BIAS
        var delta = 0L
        while (done < points.size) {
            val least = points.filter { it >= next }.min()
            delta += (least - next).toLong() * (done + 1)
            next = least
            for (point in points) {
                if (point < next) delta++
                if (point != next) continue
                number(delta, bias, encoded)
                bias = adapted(delta, done + 1, isFirst = done == basic)
                delta = 0
                done++
            }
            delta++
            next++
        }
        return encoded.toString()
    }

    private fun number(
        value: Long,
        bias: Int,
        to: StringBuilder,
    ) {
        var rest = value
        var k = BASE
        while (true) {
            val threshold = (k - bias).coerceIn(T_MIN, T_MAX)
            if (rest < threshold) break
            to.append(digit(threshold + ((rest - threshold) % (BASE - threshold)).toInt()))
            rest = (rest - threshold) / (BASE - threshold)
            k += BASE
        }
        to.append(digit(rest.toInt()))
    }

    private fun digit(value: Int): Char = if (value < 26) 'a' + value else '0' + (value - 26)

    private fun adapted(
        delta: Long,
        points: Int,
        isFirst: Boolean,
    ): Int {
        var rest = if (isFirst) delta / DAMP else delta / 2
        rest += rest / points
        var k = 0
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN
            k += BASE
        }
        return k + ((BASE - T_MIN + 1) * rest / (rest + SKEW)).toInt()
    }

    private const val BASE = 36
    private const val T_MIN = 1
    private const val T_MAX = 26
    private const val SKEW = 38
    private const val DAMP = 700
    private const val FIRST = 0x80
    private const val FIRST_BIAS = 72
}
