package asyncio.internal.http.middleware

import asyncio.http.ClientConnectionException
import asyncio.http.ClientResponse
import asyncio.http.ClientSession
import asyncio.http.MutableHttpHeaders
import asyncio.http.OutgoingRequest
import asyncio.http.Payload
import asyncio.internal.testing.VirtualLoop
import asyncio.kotlin.coroutine
import java.lang.reflect.Proxy

/** Runs [main] in virtual time. */
internal fun inVirtualTime(main: suspend () -> Unit) {
    VirtualLoop().use { it.runUntilComplete(coroutine(main)) }
}

/** A request as a middleware sees it, without a session that could send it. */
internal class FakeRequest(
    url: String,
    method: String = "GET",
    var body: Payload? = null,
) {
    val headers = FakeHeaders()
    var sessionClosed = false

    private val session: ClientSession =
        fake { name, _ -> if (name == "closed") sessionClosed else throw UnsupportedOperationException(name) }

    val outgoing: OutgoingRequest =
        fake { name, arguments ->
            when (name) {
                "url" -> url
                "method" -> method
                "headers" -> headers
                "session" -> session
                "body" -> if (arguments.isEmpty()) body else Unit.also { body = arguments[0] as Payload? }
                else -> throw UnsupportedOperationException(name)
            }
        }
}

internal class FakeResponse(
    val status: Int,
    vararg headers: Pair<String, String>,
    private val body: suspend () -> ByteArray = { ByteArray(0) },
) {
    var released = false
    var wasRead = false
    private val headers = FakeHeaders().also { for ((name, value) in headers) it.add(name, value) }

    val response: ClientResponse =
        fake { name, _ ->
            when (name) {
                "status" -> {
                    status
                }

                "headers" -> {
                    this.headers
                }

                "contentLength" -> {
                    this.headers.get("Content-Length")?.toLong()
                }

                "read" -> {
                    coroutine {
                        if (released) throw ClientConnectionException("closed")
                        wasRead = true
                        body()
                    }
                }

                "release", "close" -> {
                    released = true
                }

                else -> {
                    throw UnsupportedOperationException(name)
                }
            }
        }
}

internal class FakeHeaders : MutableHttpHeaders {
    private val all = ArrayList<Pair<String, String>>()

    override fun get(name: String): String? = getAll(name).firstOrNull()

    override fun getAll(name: String): List<String> =
        all.filter { it.first.equals(name, ignoreCase = true) }.map { it.second }

    override fun contains(name: String): Boolean = getAll(name).isNotEmpty()

    override fun names(): Set<String> = all.map { it.first }.toSet()

    override fun entries(): List<Map.Entry<String, String>> = all.map { java.util.Map.entry(it.first, it.second) }

    override fun add(
        name: String,
        value: String,
    ) {
        all.add(name to value)
    }

    override fun set(
        name: String,
        value: String,
    ) {
        remove(name)
        add(name, value)
    }

    override fun remove(name: String): Boolean = all.removeIf { it.first.equals(name, ignoreCase = true) }
}

private inline fun <reified T> fake(crossinline call: (String, Array<out Any?>) -> Any?): T =
    Proxy.newProxyInstance(T::class.java.classLoader, arrayOf(T::class.java)) { self, method, arguments ->
        when (method.name) {
            "toString" -> "<fake ${T::class.java.simpleName}>"
            "hashCode" -> System.identityHashCode(self)
            "equals" -> self === arguments!![0]
            else -> call(method.name, arguments.orEmpty()).let { if (it is Unit) null else it }
        }
    } as T
