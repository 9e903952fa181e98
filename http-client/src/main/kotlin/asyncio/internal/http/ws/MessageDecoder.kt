package asyncio.internal.http.ws

import asyncio.http.WSCloseCode
import asyncio.http.WSMessage
import asyncio.http.WSMsgType
import asyncio.http.WebSocketException
import asyncio.internal.http.bytes.ByteBuilder
import io.netty.buffer.ByteBuf
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException

/**
 * Makes messages of the bytes that a server sends, however they are cut. Everything in a frame's header is judged before a
 * byte of its payload is kept.
 *
 * @param maxSize how many bytes a message may have, inflated; 0 for any number
 * @param inflater how compressed messages are inflated; null if compression was not agreed upon
 */
internal class MessageDecoder(
    maxSize: Int,
    private val decodesText: Boolean,
    private val inflater: MessageInflater?,
) {
    private val limit = if (maxSize == 0) ByteBuilder.LARGEST else maxSize

    /** Empty fragments cost no memory, but a message must end some day. */
    private val maxFragments = if (maxSize == 0) Int.MAX_VALUE else maxOf(MIN_FRAGMENTS, maxSize / BYTES_PER_FRAGMENT)

    // The frame.
    private val header = ByteBuffer.allocate(MAX_HEADER)
    private var headerSize = MIN_HEADER
    private var opcode = 0
    private var isFinal = false
    private var inPayload = false
    private var missing = 0
    private val control = ByteBuilder()

    // The message, of which this frame is perhaps a part.
    private var messageOpcode = NO_MESSAGE
    private var compressed = false
    private var fragments = 0
    private val message = ByteBuilder()

    /**
     * Takes as much of [data] as makes up one message.
     *
     * @return null if there is too little, and all of it was taken
     * @throws WebSocketException if the server may not send that; nothing can be decoded any more then
     */
    fun next(data: ByteBuf): WSMessage? {
        while (true) {
            if (!inPayload && !readHeader(data)) return null
            if (!readPayload(data)) return null
            inPayload = false
            header.clear()
            headerSize = MIN_HEADER
            if (Opcode.isControl(opcode)) return controlMessage(control.take())
            if (isFinal) return dataMessage()
        }
    }

    // ---- the header

    private fun readHeader(data: ByteBuf): Boolean {
        while (header.position() < headerSize) {
            if (!data.isReadable) return false
            val byte = data.readByte()
            header.put(byte)
            when (header.position()) {
                1 -> checkFirst(byte.toInt())
                MIN_HEADER -> headerSize = MIN_HEADER + checkSecond(byte.toInt())
            }
        }
        startPayload(payloadSize())
        return true
    }

    private fun checkFirst(byte: Int) {
        isFinal = byte and 0x80 != 0
        opcode = byte and 0x0F
        when (opcode) {
            Opcode.CONTINUATION -> {
                if (messageOpcode == NO_MESSAGE) violated("a continuation of no message")
            }

            Opcode.TEXT, Opcode.BINARY -> {
                if (messageOpcode != NO_MESSAGE) violated("a message inside of a fragmented one")
            }

            Opcode.CLOSE, Opcode.PING, Opcode.PONG -> {
                if (!isFinal) violated("a fragmented control frame")
            }

            else -> {
                violated("the reserved opcode $opcode")
            }
        }
        if (byte and RSV_2_AND_3 != 0) violated("reserved bits that were not negotiated")
        val rsv1 = byte and RSV_1 != 0
        if (rsv1 && (inflater == null || opcode != Opcode.TEXT && opcode != Opcode.BINARY)) {
            violated(
                if (inflater == null) {
                    "a compressed frame, without an agreement on compression"
                } else {
                    "a frame that is marked as compressed, but is not the first one of a message"
                },
            )
        }
        if (opcode == Opcode.TEXT || opcode == Opcode.BINARY) {
            messageOpcode = opcode
            compressed = rsv1
            fragments = 0
        }
    }

    /** Gives how many more bytes the header has. */
    private fun checkSecond(byte: Int): Int {
        if (byte and 0x80 != 0) violated("a masked frame, which only clients send")
        val length = byte and 0x7F
        if (length > Opcode.MAX_CONTROL && Opcode.isControl(opcode)) {
            violated("a control frame of more than ${Opcode.MAX_CONTROL} bytes")
        }
        return when (length) {
            LENGTH_16 -> 2
            LENGTH_64 -> 8
            else -> 0
        }
    }

    private fun payloadSize(): Long =
        when (headerSize) {
            MIN_HEADER -> {
                (header.get(1).toInt() and 0x7F).toLong()
            }

            MIN_HEADER + 2 -> {
                val size = header.getShort(2).toLong() and 0xFFFF
                if (size < LENGTH_16) violated("a length in more bytes than it needs")
                size
            }

            else -> {
                val size = header.getLong(2)
                if (size < 0) violated("a negative length")
                if (size <= 0xFFFF) violated("a length in more bytes than it needs")
                size
            }
        }

    private fun startPayload(size: Long) {
        if (!Opcode.isControl(opcode)) {
            if (size > limit - message.size) tooBig()
            if (++fragments > maxFragments) {
                throw WebSocketException(
                    WSCloseCode.MESSAGE_TOO_BIG,
                    "The server sent a message in more than $maxFragments fragments",
                )
            }
        }
        missing = size.toInt()
        inPayload = true
    }

    // ---- the payload

    private fun readPayload(data: ByteBuf): Boolean {
        val bytes = if (Opcode.isControl(opcode)) control else message
        val size = minOf(missing, data.readableBytes())
        if (size > 0) {
            // Memory is allocated for received bytes only, not for the length that a header announces.
            val most = if (isFinal) bytes.size + missing else limit
            bytes.reserve(if (missing <= TRUSTED) missing else size, most)
            data.readBytes(bytes.array, bytes.size, size)
            bytes.size += size
            missing -= size
        }
        return missing == 0
    }

    private fun dataMessage(): WSMessage {
        val isText = messageOpcode == Opcode.TEXT
        messageOpcode = NO_MESSAGE
        val payload =
            if (compressed) {
                val deflated = message.size
                inflater!!.inflate(message.array, deflated, limit).also { message.clear() } ?: tooBig()
            } else {
                message.take()
            }
        return when {
            !isText -> WSMessage.of(WSMsgType.BINARY, payload, null)
            decodesText -> WSMessage.of(WSMsgType.TEXT, decoded(payload, 0, "a text"), null)
            else -> WSMessage.of(WSMsgType.TEXT, payload, null)
        }
    }

    private fun controlMessage(payload: ByteArray): WSMessage =
        when (opcode) {
            Opcode.PING -> WSMessage.of(WSMsgType.PING, payload, null)
            Opcode.PONG -> WSMessage.of(WSMsgType.PONG, payload, null)
            else -> closeMessage(payload)
        }

    private fun closeMessage(payload: ByteArray): WSMessage {
        if (payload.isEmpty()) return WSMessage.of(WSMsgType.CLOSE, WSCloseCode.NO_STATUS, "")
        if (payload.size == 1) violated("a close code of one byte")
        val code = ByteBuffer.wrap(payload).getShort().toInt() and 0xFFFF
        if (!CloseCodes.maySend(code)) violated("the close code $code")
        return WSMessage.of(WSMsgType.CLOSE, code, decoded(payload, 2, "a close reason"))
    }

    private fun decoded(
        bytes: ByteArray,
        start: Int,
        what: String,
    ): String {
        val text = String(bytes, start, bytes.size - start, Charsets.UTF_8)
        // The fast decoder replaces malformed bytes by U+FFFD, which may also have been sent.
        if ('\uFFFD' !in text) return text
        try {
            return Charsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, start, bytes.size - start))
                .toString()
        } catch (malformed: CharacterCodingException) {
            throw WebSocketException(WSCloseCode.INVALID_TEXT, "The server sent $what that is not UTF-8", malformed)
        }
    }

    private fun tooBig(): Nothing =
        throw WebSocketException(
            WSCloseCode.MESSAGE_TOO_BIG,
            "The server sent a message of more than $limit bytes, the limit of maxMessageSize",
        )

    private fun violated(what: String): Nothing =
        throw WebSocketException(WSCloseCode.PROTOCOL_ERROR, "The server sent $what")

    private companion object {
        const val MIN_HEADER = 2
        const val MAX_HEADER = 10
        const val LENGTH_16 = 126
        const val LENGTH_64 = 127
        const val RSV_1 = 0x40
        const val RSV_2_AND_3 = 0x30
        const val NO_MESSAGE = -1
        const val TRUSTED = 64 * 1024
        const val MIN_FRAGMENTS = 1024
        const val BYTES_PER_FRAGMENT = 256
    }
}
