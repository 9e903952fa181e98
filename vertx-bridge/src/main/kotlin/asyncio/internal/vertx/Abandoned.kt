package asyncio.internal.vertx

import io.vertx.core.Future
import io.vertx.core.http.HttpClientRequest
import io.vertx.core.http.HttpClientResponse
import io.vertx.core.shareddata.Lock
import java.lang.reflect.Method

/** Results of operations that came after their task had been cancelled: no code will ever close them. */
internal object Abandoned {
    private val logger = System.getLogger("asyncio")

    /** `close()` of what is not AutoCloseable, such as sockets and connections of Vert.x's. */
    private val closing =
        object : ClassValue<Closing>() {
            override fun computeValue(type: Class<*>): Closing = Closing(closingMethodOf(type))
        }

    fun release(result: Any?) {
        if (result == null) return
        try {
            when (result) {
                is HttpClientRequest -> result.reset()
                is HttpClientResponse -> result.request().reset()
                is Lock -> result.release()
                is AutoCloseable -> result.close()
                else -> closing.get(result.javaClass).method?.invoke(result)
            }
        } catch (error: Exception) {
            logger.log(
                System.Logger.Level.WARNING,
                "The result of a cancelled await could not be closed: $result",
                error,
            )
        }
    }

    /** Of an interface, because their classes are not exported. */
    private fun closingMethodOf(type: Class<*>): Method? =
        generateSequence(type) { it.superclass }
            .flatMap { it.interfaces.asSequence() }
            .flatMap { it.methods.asSequence() }
            .firstOrNull { it.name == "close" && it.parameterCount == 0 && it.returnType == Future::class.java }

    private class Closing(
        val method: Method?,
    )
}
