package asyncio.internal.vertx

import java.util.Properties

/** Which Netty is on the class path: a list of versions of another framework may have brought one that Vert.x cannot use. */
internal object NettyVersion {
    private const val NEEDED = "4.2"
    private const val VERSIONS = "META-INF/io.netty.versions.properties"

    /** Runs [make], which needs Vert.x and Netty; says what is wrong where classes of them are missing. */
    inline fun <T> check(make: () -> T): T =
        try {
            make()
        } catch (missing: LinkageError) {
            throw refusal(present(), missing) ?: missing
        }

    /** The exception that tells the user of the [versions], as of `netty-common`; null if they are what Vert.x needs. */
    fun refusal(
        versions: Set<String>,
        cause: Throwable,
    ): IllegalStateException? {
        val wrong = versions.filterNot { it.startsWith("$NEEDED.") }.sorted()
        if (wrong.isEmpty()) return null
        return IllegalStateException(
            "Vert.x 5 needs Netty $NEEDED, and Netty ${wrong.joinToString()} is on the class path, perhaps by the" +
                " dependencyManagement of a parent or a BOM, as of Spring Boot 3. Import io.netty:netty-bom" +
                " $NEEDED.x.Final before that, or set its property netty.version to that",
            cause,
        )
    }

    fun present(): Set<String> =
        javaClass.classLoader
            .getResources(VERSIONS)
            .asSequence()
            .mapNotNull { url ->
                val versions = Properties()
                url.openStream().use(versions::load)
                versions.getProperty("netty-common.version")
            }.toSet()
}
