package asyncio.internal.http.ws

/** RFC 6455, 5.2. */
internal object Opcode {
    const val CONTINUATION = 0x0
    const val TEXT = 0x1
    const val BINARY = 0x2
    const val CLOSE = 0x8
    const val PING = 0x9
    const val PONG = 0xA

    /** How many bytes a control frame may have. */
    const val MAX_CONTROL = 125

    fun isControl(opcode: Int): Boolean = opcode and 0x8 != 0
}
