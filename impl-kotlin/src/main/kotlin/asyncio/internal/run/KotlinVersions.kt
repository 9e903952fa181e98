package asyncio.internal.run

import kotlinx.coroutines.Job

/** Which Kotlin and kotlinx are on the class path: a list of versions of another framework may have brought older ones. */
internal object KotlinVersions {
    private val KOTLIN = listOf(2, 2)
    private val KOTLINX = listOf(1, 10)
    private const val KOTLINX_VERSION = "/META-INF/kotlinx_coroutines_core.version"

    private val refusal: String? by lazy { refusalOf(KotlinVersion.CURRENT.toString(), kotlinx()) }

    /** @throws IllegalStateException if one of them is too old */
    fun check() {
        refusal?.let { throw IllegalStateException(it) }
    }

    /** What is wrong with these versions, and what to do; null if nothing is, or if it is not known. */
    fun refusalOf(
        kotlin: String,
        kotlinx: String?,
    ): String? {
        val wrong = ArrayList<String>()
        if (isOlder(kotlin, KOTLIN)) wrong.add("kotlin-stdlib $kotlin (needed: 2.2; property kotlin.version)")
        if (kotlinx != null && isOlder(kotlinx, KOTLINX)) {
            wrong.add("kotlinx-coroutines-core $kotlinx (needed: 1.10.2; property kotlin-coroutines.version)")
        }
        if (wrong.isEmpty()) return null
        return "asyncio4j cannot use what is on the class path: ${wrong.joinToString(
            ", and ",
        )}. Perhaps the dependencyManagement" +
            " of a parent or a BOM has brought it, as that of Spring Boot 3: set the properties there, or import" +
            " org.jetbrains.kotlin:kotlin-bom and org.jetbrains.kotlinx:kotlinx-coroutines-bom before it"
    }

    private fun isOlder(
        version: String,
        needed: List<Int>,
    ): Boolean {
        val parts = version.split('.', '-').map { it.toIntOrNull() ?: 0 }
        for ((index, number) in needed.withIndex()) {
            val part = parts.getOrElse(index) { 0 }
            if (part != number) return part < number
        }
        return false
    }

    fun kotlinx(): String? =
        Job::class.java
            .getResourceAsStream(KOTLINX_VERSION)
            ?.use { it.readBytes().decodeToString().trim() }
}
