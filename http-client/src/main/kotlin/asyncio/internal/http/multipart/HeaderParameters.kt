package asyncio.internal.http.multipart

import asyncio.internal.http.message.HeaderCursor
import asyncio.internal.http.message.HttpChars
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.charset.Charset

/** A header such as `Content-Disposition`: a value, and parameters behind it. Malformed parameters are left out. */
internal class HeaderParameters(
    /** The text before the parameters, as received. */
    val value: String,
    /** By their names in lower case; put together and decoded. */
    val parameters: Map<String, String>,
) {
    companion object {
        fun parse(header: String): HeaderParameters = Reading(asUtf8(header)).parse()

        /** Each char is a byte of the wire; browsers take such bytes for UTF-8 where they can be. */
        private fun asUtf8(header: String): String {
            if (header.all { it.code < 0x80 } || header.any { it.code > 0xFF }) return header
            return decodeStrictly(header.toByteArray(Charsets.ISO_8859_1), Charsets.UTF_8) ?: header
        }

        fun decodeStrictly(
            bytes: ByteArray,
            charset: Charset,
        ): String? =
            try {
                charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()
            } catch (_: CharacterCodingException) {
                null
            }
    }

    private class Reading(
        header: String,
    ) {
        private val header = HeaderCursor(header)
        private val plain = LinkedHashMap<String, String>()
        private val extended = LinkedHashMap<String, String>()
        private val pieces = LinkedHashMap<String, HashMap<Int, Piece>>()

        private class Piece(
            val text: String,
            val encoded: Boolean,
        )

        fun parse(): HeaderParameters {
            val value = untilSemicolon()
            while (!header.isAtEnd) parameter()
            val names = LinkedHashSet<String>()
            names.addAll(plain.keys)
            names.addAll(extended.keys)
            names.addAll(pieces.keys)
            val parameters = LinkedHashMap<String, String>()
            for (name in names) {
                val found = extended[name] ?: plain[name] ?: joined(pieces.getValue(name)) ?: continue
                parameters[name] = found
            }
            return HeaderParameters(value, parameters)
        }

        private fun untilSemicolon(): String = header.takeWhile { it != ';' }.trim().also { header.at++ }

        private fun parameter() {
            val name = header.takeWhile { it != '=' && it != ';' }.trim().lowercase()
            if (!header.take('=')) {
                header.at++
                return
            }
            header.skipBlanks()
            val value = if (header.isAt('"')) quoted() else bare()
            if (value != null && HttpChars.isToken(name)) keep(name, value)
        }

        private fun bare(): String? =
            untilSemicolon().takeIf { text ->
                text.isNotEmpty() && text.none { HttpChars.isControl(it) || it == ' ' || it == '"' }
            }

        private fun quoted(): String? {
            val text = header.quoted()
            return text.takeIf { header.isClosed && untilSemicolon().isEmpty() }
        }

        private fun keep(
            name: String,
            value: String,
        ) {
            val star = name.indexOf('*')
            when {
                star < 0 -> {
                    plain.putIfAbsent(name, value)
                }

                star == name.length - 1 -> {
                    decoded(value)?.let { extended.putIfAbsent(name.substring(0, star), it) }
                }

                else -> {
                    keepPiece(name.substring(0, star), name.substring(star + 1), value)
                }
            }
        }

        private fun keepPiece(
            name: String,
            index: String,
            value: String,
        ) {
            val digits = index.removeSuffix("*")
            if (digits.isEmpty() || digits.length > 3 || digits.any { it !in '0'..'9' }) return
            if (digits.length > 1 && digits[0] == '0') return
            pieces
                .getOrPut(name) { HashMap() }
                .putIfAbsent(digits.toInt(), Piece(value, encoded = digits.length < index.length))
        }

        /** `charset'language'text`, whose bytes other than ASCII are percent-encoded. */
        private fun decoded(value: String): String? {
            val charset = charsetOf(value) ?: return null
            val bytes = ByteArrayOutputStream()
            if (!unescape(value.substring(value.indexOf('\'', value.indexOf('\'') + 1) + 1), bytes)) return null
            return decodeStrictly(bytes.toByteArray(), charset)
        }

        private fun charsetOf(value: String): Charset? {
            val first = value.indexOf('\'')
            if (first < 0 || value.indexOf('\'', first + 1) < 0) return null
            // RFC 8187 wants a charset, but some servers leave it out; aiohttp reads it so, too.
            if (first == 0) return Charsets.UTF_8
            return try {
                Charset.forName(value.substring(0, first))
            } catch (_: IllegalArgumentException) {
                null
            }
        }

        private fun unescape(
            text: String,
            to: ByteArrayOutputStream,
        ): Boolean {
            var i = 0
            while (i < text.length) {
                val char = text[i]
                if (char == '%') {
                    if (i + 2 >= text.length) return false
                    val byte = HttpChars.hexByte(text[i + 1].code, text[i + 2].code)
                    if (byte < 0) return false
                    to.write(byte)
                    i += 3
                } else {
                    if (char.code >= 0x80) return false
                    to.write(char.code)
                    i++
                }
            }
            return true
        }

        /** The pieces from 0 on, as far as none is missing. */
        private fun joined(pieces: Map<Int, Piece>): String? {
            val first = pieces[0] ?: return null
            val charset = if (first.encoded) charsetOf(first.text) ?: return null else Charsets.UTF_8
            val bytes = ByteArrayOutputStream()
            var index = 0
            while (true) {
                val piece = pieces[index] ?: break
                val text =
                    if (index == 0 && piece.encoded) piece.text.split('\'', limit = 3)[2] else piece.text
                if (!piece.encoded) {
                    bytes.writeBytes(text.toByteArray(charset))
                } else if (!unescape(text, bytes)) {
                    return null
                }
                index++
            }
            return decodeStrictly(bytes.toByteArray(), charset)
        }
    }
}
