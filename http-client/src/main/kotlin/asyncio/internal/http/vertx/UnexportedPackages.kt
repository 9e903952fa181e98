package asyncio.internal.http.vertx

import io.vertx.core.Vertx

/** The packages of Vert.x which this package uses, and which Vert.x exports to no other module. */
internal object UnexportedPackages {
    private val names =
        listOf(
            "io.vertx.core.http.impl",
            "io.vertx.core.http.impl.http1",
            "io.vertx.core.impl.buffer",
            "io.vertx.core.net.impl",
        )

    /**
     * Throws where they cannot be used: on the module path without a flag for each of them.
     *
     * @throws IllegalStateException with the flags
     */
    fun check() {
        val ours = UnexportedPackages::class.java.module
        val vertx = Vertx::class.java.module
        val closed = names.filterNot { vertx.isExported(it, ours) }
        if (closed.isEmpty()) return
        throw IllegalStateException(
            "On the module path the HTTP client needs packages that Vert.x does not export. Start the program with" +
                closed.joinToString("") { " --add-exports=${vertx.name}/$it=${ours.name}" } +
                ", or put asyncio4j and Vert.x on the class path",
        )
    }
}
