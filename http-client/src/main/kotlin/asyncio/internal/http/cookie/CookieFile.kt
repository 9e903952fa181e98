package asyncio.internal.http.cookie

import asyncio.http.Cookie
import asyncio.internal.http.payload.ReplacedFile
import com.fasterxml.jackson.core.JsonGenerator
import com.fasterxml.jackson.core.JsonProcessingException
import com.fasterxml.jackson.core.json.JsonWriteFeature
import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.json.JsonMapper
import java.io.CharConversionException
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.time.DateTimeException
import java.time.Instant

/** The file of a jar: JSON, for its owner's eyes only. Blocks. */
internal object CookieFile {
    /** UTF-8 has no form for the bytes of a value that are not UTF-8 themselves; see HeaderText. */
    private val mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()

    /** Replaces the file as a whole. */
    fun write(
        file: Path,
        cookies: List<Cookie>,
    ) {
        ReplacedFile.write(file) { out ->
            mapper.factory.createGenerator(out).useDefaultPrettyPrinter().use { json ->
                json.writeStartObject()
                json.writeNumberField("version", VERSION)
                json.writeArrayFieldStart("cookies")
                for (cookie in cookies) write(json, cookie)
                json.writeEndArray()
                json.writeEndObject()
            }
        }
    }

    private fun write(
        json: JsonGenerator,
        cookie: Cookie,
    ) {
        json.writeStartObject()
        json.writeStringField("name", cookie.name())
        json.writeStringField("value", cookie.value())
        cookie.codedValue()?.let { json.writeStringField("codedValue", it) }
        val domain = cookie.domain()
        if (domain == null) json.writeBooleanField("shared", true) else json.writeStringField("domain", domain)
        json.writeBooleanField("hostOnly", cookie.hostOnly())
        cookie.path()?.let { json.writeStringField("path", it) }
        cookie.expires()?.let { json.writeStringField("expires", it.toString()) }
        if (cookie.secure()) json.writeBooleanField("secure", true)
        if (cookie.httpOnly()) json.writeBooleanField("httpOnly", true)
        cookie.sameSite()?.let { json.writeStringField("sameSite", it.name.lowercase()) }
        if (cookie.partitioned()) json.writeBooleanField("partitioned", true)
        json.writeEndObject()
    }

    /**
     * What [make] makes of the cookies in the file.
     *
     * @param make it throws an IllegalArgumentException for a cookie that a jar could not have; the message has no secrets
     * @throws IOException if the file cannot be read, or is none that [write] could have written
     */
    fun <T> read(
        file: Path,
        make: (Cookie) -> T,
    ): List<T> {
        val tree =
            try {
                Files.newInputStream(file).use { mapper.readTree(it) }
            } catch (e: JsonProcessingException) {
                // The message of e itself may show a secret.
                throw IOException("$file is not a file of cookies: malformed JSON in line ${e.location?.lineNr ?: 0}")
            } catch (e: CharConversionException) {
                throw IOException("$file is not a file of cookies: it is not text", e)
            }
        val cookies = tree["cookies"]
        if (tree["version"]?.asInt() != VERSION || cookies == null || !cookies.isArray) {
            throw IOException("$file is not a file of cookies of version $VERSION")
        }
        return cookies.mapIndexed { index, node ->
            try {
                make(cookie(node))
            } catch (e: BadCookie) {
                throw IOException("$file is not a file of cookies: cookie $index: ${e.message}")
            } catch (e: IllegalArgumentException) {
                throw IOException("$file is not a file of cookies: cookie $index: ${e.message}")
            }
        }
    }

    private fun cookie(node: JsonNode): Cookie {
        // A cookie for all hosts has to say so: a forgotten domain must not make a cookie one for all hosts.
        val domain = text(node, "domain")
        if (domain == null && !flag(node, "shared")) throw BadCookie("no domain")
        if (domain != null && CookieHosts.ascii(domain) != domain) throw BadCookie("domain is not as a jar has it")
        return try {
            Cookie
                .builder(
                    text(node, "name") ?: throw BadCookie("no name"),
                    text(node, "value") ?: throw BadCookie("no value"),
                ).codedValue(text(node, "codedValue"))
                .domain(domain)
                .hostOnly(flag(node, "hostOnly", missing = true))
                .path(text(node, "path") ?: "/")
                .expires(text(node, "expires")?.let(Instant::parse))
                .secure(flag(node, "secure"))
                .httpOnly(flag(node, "httpOnly"))
                .sameSite(text(node, "sameSite")?.let { Cookie.SameSite.valueOf(it.uppercase()) })
                .partitioned(flag(node, "partitioned"))
                .build()
        } catch (e: IllegalArgumentException) {
            throw BadCookie(e.message.orEmpty())
        } catch (_: DateTimeException) {
            throw BadCookie("expires is not a date")
        }
    }

    private fun text(
        node: JsonNode,
        field: String,
    ): String? {
        val value = node[field] ?: return null
        if (!value.isTextual) throw BadCookie("$field is not a string")
        return value.textValue()
    }

    private fun flag(
        node: JsonNode,
        field: String,
        missing: Boolean = false,
    ): Boolean {
        val value = node[field] ?: return missing
        if (!value.isBoolean) throw BadCookie("$field is neither true nor false")
        return value.booleanValue()
    }

    private class BadCookie(
        message: String,
    ) : Exception(message)

    private const val VERSION = 1
}
