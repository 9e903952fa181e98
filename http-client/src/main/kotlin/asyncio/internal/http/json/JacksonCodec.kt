package asyncio.internal.http.json

import asyncio.http.JsonCodec
import asyncio.http.JsonDecodeException
import com.fasterxml.jackson.core.JacksonException
import com.fasterxml.jackson.core.JsonGenerator
import com.fasterxml.jackson.core.JsonParseException
import com.fasterxml.jackson.core.exc.StreamConstraintsException
import com.fasterxml.jackson.core.io.JsonEOFException
import com.fasterxml.jackson.core.util.ByteArrayBuilder
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate
import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.databind.JsonMappingException
import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.ObjectReader
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException
import com.fasterxml.jackson.databind.exc.MismatchedInputException
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException
import com.fasterxml.jackson.databind.json.JsonMapper
import com.fasterxml.jackson.databind.util.ClassUtil
import java.io.IOException
import java.lang.reflect.Type
import java.util.concurrent.ConcurrentHashMap

/** JSON by Jackson. Jackson's messages show parts of malformed JSON, so that they are not passed on. */
internal class JacksonCodec(
    private val mapper: ObjectMapper,
) : JsonCodec {
    private val readers = ConcurrentHashMap<Type, ObjectReader>()

    override fun write(value: Any?): ByteArray {
        val bytes = ByteArrayBuilder()
        try {
            FiniteNumbers(mapper.factory.createGenerator(bytes)).use { mapper.writeValue(it, value) }
        } catch (error: IOException) {
            throw IllegalArgumentException(
                "A ${value?.javaClass?.typeName} cannot be written as JSON: ${error.message}",
                error,
            )
        }
        return bytes.toByteArray()
    }

    override fun <T> read(
        json: ByteArray,
        type: Type,
    ): T =
        try {
            readerFor(type).readValue(json)
        } catch (error: JacksonException) {
            throw decodeException(error, type)
        }

    private fun readerFor(type: Type): ObjectReader {
        readers[type]?.let { return it }
        // Types can be made up without end.
        if (readers.size >= MOST_READERS) readers.clear()
        return mapper.readerFor(mapper.constructType(type)).also { readers[type] = it }
    }

    private fun decodeException(
        error: JacksonException,
        type: Type,
    ): JsonDecodeException {
        val place = error.location
        return JsonDecodeException(
            describe(error, type),
            maxOf(place?.lineNr ?: 0, 0),
            maxOf(place?.columnNr ?: 0, 0),
            // A constructor or a setter of the user's.
            error.cause.takeIf { it !is JacksonException },
        )
    }

    private fun describe(
        error: JacksonException,
        type: Type,
    ): String =
        when (error) {
            is JsonEOFException -> {
                "Not JSON: it ends too early"
            }

            is StreamConstraintsException -> {
                "This JSON is refused: ${error.originalMessage}"
            }

            is JsonParseException -> {
                "Not JSON: " + syntax(error.originalMessage)
            }

            is UnrecognizedPropertyException -> {
                "${path(error)}: ${ClassUtil.nameOf(error.referringClass)} has no field of this name; it has" +
                    " ${error.knownPropertyIds?.joinToString() ?: "none"}"
            }

            is InvalidDefinitionException -> {
                "No ${type.typeName} can be made of JSON: ${error.originalMessage}"
            }

            is MismatchedInputException -> {
                if (error.path.isEmpty() && error.originalMessage.startsWith("No content")) {
                    "Not JSON: it is empty"
                } else if (error.originalMessage.startsWith("Trailing token")) {
                    "Not JSON: something follows behind the value"
                } else {
                    "${path(error)}: this cannot become a ${ClassUtil.nameOf(error.targetType ?: Any::class.java)}"
                }
            }

            is JsonMappingException -> {
                "${path(error)}: this cannot become part of a ${type.typeName}"
            }

            else -> {
                "This JSON cannot be read"
            }
        }

    /** Only where it shows no more than one character. */
    private fun syntax(message: String) =
        UNEXPECTED.find(message)?.let { "unexpected character ${it.groupValues[1]}" }
            ?: "a value, or its end, is malformed"

    private fun path(error: JsonMappingException): String {
        val path = StringBuilder("$")
        for (step in error.path) {
            val field = step.fieldName
            if (field != null) path.append('.').append(field) else path.append('[').append(step.index).append(']')
        }
        return path.toString()
    }

    companion object {
        private const val MOST_READERS = 1000

        val standard: JacksonCodec by lazy {
            JacksonCodec(
                JsonMapper
                    .builder()
                    .findAndAddModules()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build(),
            )
        }

        private val UNEXPECTED =
            Regex("""^Unexpected character (\('.'(?: \(code \d+[^)]*\))?\))""", RegexOption.DOT_MATCHES_ALL)
    }
}

/** Jackson would write NaN and the infinities as strings. */
private class FiniteNumbers(
    to: JsonGenerator,
) : JsonGeneratorDelegate(to, false) {
    override fun writeNumber(value: Double) {
        if (!value.isFinite()) refuse(value)
        super.writeNumber(value)
    }

    override fun writeNumber(value: Float) {
        if (!value.isFinite()) refuse(value)
        super.writeNumber(value)
    }

    override fun writeArray(
        array: DoubleArray,
        offset: Int,
        length: Int,
    ) {
        writeStartArray(array, length)
        for (i in offset until offset + length) writeNumber(array[i])
        writeEndArray()
    }

    private fun refuse(value: Number): Nothing = throw IllegalArgumentException("JSON has no $value")
}
