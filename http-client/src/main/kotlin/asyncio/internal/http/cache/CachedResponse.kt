package asyncio.internal.http.cache

import asyncio.http.HttpHeaders
import asyncio.internal.http.message.HttpDate
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.IOException
import java.util.Map.entry

/**
 * A response in a store.
 *
 * @property selecting the headers of the request that its Vary names, and their values
 * @property authorization a digest of the request's Authorization; empty for none
 * @property headers without those of one connection and of one body
 * @property asked when the request was sent, in milliseconds of the clock
 * @property received when the response was there
 * @property body as it was received, with its codings
 */
internal class CachedResponse(
    val selecting: Map<String, String>,
    val authorization: String,
    val status: Int,
    val reason: String,
    val headers: List<Map.Entry<String, String>>,
    private val asked: Long,
    private val received: Long,
    val body: ByteArray,
) {
    val control = CacheControl.parse(all("Cache-Control"))

    val etag: String? get() = first("ETag")
    val lastModified: String? get() = first("Last-Modified")

    private fun all(name: String) = headers.filter { it.key.equals(name, ignoreCase = true) }.map { it.value }

    private fun first(name: String) = headers.firstOrNull { it.key.equals(name, ignoreCase = true) }?.value

    private fun date(name: String): Long? = first(name)?.let { HttpDate.parse(it)?.toEpochMilli() }

    private val date: Long get() = date("Date") ?: received

    /** RFC 9111, 4.2.3; in seconds. */
    fun age(now: Long): Long {
        val apparent = maxOf(0, received - date)
        val told = first("Age")?.trim()?.toLongOrNull()?.coerceIn(0, CacheControl.MOST) ?: 0
        val corrected = told * SECOND + maxOf(0, received - asked)
        return (maxOf(apparent, corrected) + maxOf(0, now - received)) / SECOND
    }

    /** RFC 9111, 4.2.1, for a private cache; in seconds. */
    val lifetime: Long by lazy(LazyThreadSafetyMode.NONE) {
        val expires = first("Expires")
        val modified = date("Last-Modified")
        when {
            "max-age" in control -> control.seconds("max-age")!!
            expires != null -> (HttpDate.parse(expires)?.toEpochMilli()?.minus(date) ?: 0).coerceAtLeast(0) / SECOND
            modified != null && status in BY_DEFAULT -> ((date - modified) / 10 / SECOND).coerceIn(0, LONGEST_GUESS)
            else -> 0
        }
    }

    fun isFresh(
        now: Long,
        asked: CacheControl,
    ): Boolean {
        val age = age(now)
        if ("max-age" in asked && age > asked.seconds("max-age")!!) return false
        val left = lifetime - age
        // At an age of its whole lifetime it is stale.
        if (left > (asked.seconds("min-fresh") ?: 0).let { if (it == 0L) 0 else it - 1 }) return true
        if ("max-stale" !in asked || "must-revalidate" in control) return false
        return asked.isWhole("max-stale") || -left <= asked.seconds("max-stale")!!
    }

    fun isFor(
        request: HttpHeaders,
        authorization: String,
    ): Boolean =
        this.authorization == authorization &&
            selecting.all { (name, value) -> request.getAll(name).joinToString() == value }

    fun isOfSameVariantAs(other: CachedResponse): Boolean =
        authorization == other.authorization && selecting == other.selecting

    /** The same after a 304 with these headers: RFC 9111, 3.2. */
    fun updated(
        by: HttpHeaders,
        asked: Long,
        received: Long,
    ): CachedResponse {
        val newer =
            storable(by).filter { it.key.lowercase() !in OF_BODY }
        val names = newer.mapTo(HashSet()) { it.key.lowercase() }
        // An Age of the former response would count twice.
        val kept = headers.filter { it.key.lowercase() !in names && !it.key.equals("Age", ignoreCase = true) }
        return CachedResponse(selecting, authorization, status, reason, kept + newer, asked, received, body)
    }

    companion object {
        private const val SECOND = 1000L
        private const val LONGEST_GUESS = 24L * 60 * 60

        /** What may be stored without saying for how long (RFC 9110, 15.1), and what has to say it. */
        private val BY_DEFAULT = setOf(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501)
        private val IF_SAID = setOf(302, 303, 307)

        private val OF_CONNECTION =
            setOf("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade") +
                setOf("proxy-authenticate", "proxy-authentication-info", "content-length", "content-range")

        /** What a 304 must not change, as the body stays. */
        private val OF_BODY = setOf("content-encoding", "content-type")

        /** The headers that are kept. */
        fun storable(headers: HttpHeaders): List<Map.Entry<String, String>> {
            val names = headers.getAll("Connection").flatMap { it.split(',') }
            val dropped = OF_CONNECTION + names.map { it.trim().lowercase() }
            return headers.entries().filter { it.key.lowercase() !in dropped }
        }

        /** Whether such a response may be stored at all: RFC 9111, 3. */
        fun mayStore(
            status: Int,
            headers: HttpHeaders,
        ): Boolean {
            val control = CacheControl.parse(headers.getAll("Cache-Control"))
            val isSaid = "max-age" in control || "Expires" in headers
            val isUseful = isSaid || "ETag" in headers || "Last-Modified" in headers
            return "no-store" !in control && isUseful && (status in BY_DEFAULT || isSaid && status in IF_SAID) &&
                vary(headers).none { it == "*" }
        }

        /** The names in Vary, in lower case. */
        fun vary(headers: HttpHeaders): List<String> =
            headers
                .getAll("Vary")
                .flatMap { it.split(',') }
                .map { it.trim().lowercase() }
                .filter { it.isNotEmpty() }
                .distinct()

        private const val FORMAT = 1

        fun write(responses: List<CachedResponse>): ByteArray {
            val bytes = ByteArrayOutputStream()
            val out = DataOutputStream(bytes)
            out.writeByte(FORMAT)
            out.writeInt(responses.size)
            for (response in responses) {
                out.writeInt(response.selecting.size)
                for ((name, value) in response.selecting) out.text(name).text(value)
                out.text(response.authorization)
                out.writeInt(response.status)
                out.text(response.reason)
                out.writeInt(response.headers.size)
                for ((name, value) in response.headers) out.text(name).text(value)
                out.writeLong(response.asked)
                out.writeLong(response.received)
                out.bytes(response.body)
            }
            return bytes.toByteArray()
        }

        /** What [write] has made; nothing of other bytes. */
        fun read(bytes: ByteArray): List<CachedResponse> =
            try {
                val input = DataInputStream(ByteArrayInputStream(bytes))
                if (input.readByte().toInt() == FORMAT) List(input.count()) { read(input) } else emptyList()
            } catch (_: IOException) {
                emptyList()
            }

        private fun read(input: DataInputStream): CachedResponse {
            val selecting = LinkedHashMap<String, String>()
            repeat(input.count()) { selecting[input.text()] = input.text() }
            return CachedResponse(
                selecting,
                input.text(),
                input.readInt(),
                input.text(),
                List(input.count()) { entry(input.text(), input.text()) },
                input.readLong(),
                input.readLong(),
                input.bytes(),
            )
        }

        private fun DataOutputStream.bytes(bytes: ByteArray) {
            writeInt(bytes.size)
            write(bytes)
        }

        // Not in UTF-8, which has no form for bytes of a header that are not UTF-8 themselves.
        private fun DataOutputStream.text(text: String): DataOutputStream {
            bytes(text.toByteArray(Charsets.UTF_16BE))
            return this
        }

        private fun DataInputStream.count(): Int = readInt().also { if (it !in 0..available()) throw IOException() }

        private fun DataInputStream.bytes(): ByteArray = readNBytes(count())

        private fun DataInputStream.text(): String = String(bytes(), Charsets.UTF_16BE)
    }
}
