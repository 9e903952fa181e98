package asyncio.internal.debug

import asyncio.internal.loop.RunningLoops

/**
 * The frames of a stack that its author knows, innermost first: without the frames of this library, of the JDK and of
 * Kotlin's machinery.
 */
internal object StackFrames {
    private val ours =
        setOf(
            "asyncio",
            "asyncio.file",
            "asyncio.http",
            "asyncio.io",
            "asyncio.kotlin",
            "asyncio.kotlin.file",
            "asyncio.kotlin.http",
            "asyncio.kotlin.io",
            "asyncio.kotlin.vertx",
            "asyncio.kotlin.vertx.web",
            "asyncio.spi",
            "asyncio.vertx",
            "asyncio.vertx.web",
        )
    private val kotlinMachinery = listOf("kotlin.coroutines.", "kotlinx.coroutines.")
    private val machinery = listOf("java.", "javax.", "jdk.", "sun.", "com.sun.") + kotlinMachinery

    /** What runs the thread of a loop. */
    private val hosts = listOf("io.netty.", "io.vertx.core.")

    /** Where a fiber or an iteration of the loop begins; below stands the thread that runs it. */
    private val bottoms =
        listOf("callback", "fiber", "loop", "run", "task", "thread").map { "asyncio.internal.$it." }

    /** The stack of the calling code, and of the code that awaits it. */
    fun ofCaller(): MutableList<StackTraceElement> {
        val frames = ArrayList(ownFrames(Thread.currentThread().stackTrace))
        RunningLoops.executing()?.addCallersTo(frames)
        return frames
    }

    /**
     * The frames of the users of this library in the stack of a thread that calls it. Where the call is not made by code of a
     * loop, they lie below the library's own.
     */
    private fun ownFrames(trace: Array<StackTraceElement>): List<StackTraceElement> {
        val inLoop = cut(trace)
        return inLoop.ifEmpty { trace.filterNot { isHidden(it) || isNoise(it) || isOfHost(it) }.map(::tidy) }
    }

    private fun isOfHost(frame: StackTraceElement) =
        frame.className.startsWith("io.") && hosts.any(frame.className::startsWith)

    private fun isBottom(frame: StackTraceElement) =
        frame.className.startsWith(INTERNAL) && bottoms.any(frame.className::startsWith)

    /** The frames of the users of this library. */
    fun cut(trace: Array<StackTraceElement>): List<StackTraceElement> = inside(trace).filterNot(::isNoise)

    /** [cut] that leaves the frames of the JDK in which the user's code stands: what a culprit does matters. */
    fun cutBelow(trace: Array<StackTraceElement>): List<StackTraceElement> {
        val inside = inside(trace)
        val user = inside.indexOfFirst { !isNoise(it) }
        if (user < 0) return inside
        return inside.take(user).filterNot { isOurs(it.className) } + inside.drop(user).filterNot(::isNoise)
    }

    /**
     * The trace of an exception without the frames of this library, of Kotlin's machinery and of the thread below. The JDK's stay
     * where the user's code has called them, and so does the place in the library that threw it, unless that [isExpected].
     */
    fun ofThrown(
        trace: Array<StackTraceElement>,
        isExpected: Boolean,
    ): List<StackTraceElement> {
        val inside = inside(trace)
        val kept = inside.filterNot(::isInternal)
        val ends =
            when {
                kept.any(::isOfUser) -> kept.dropLastWhile { !isOfUser(it) }
                isExpected -> emptyList()
                else -> withoutHost(kept)
            }
        val thrower = inside.firstOrNull()
        return if (thrower == null || isExpected || !isOurs(thrower.className)) ends else listOf(thrower) + ends
    }

    /** Without those of the JDK and of Kotlin's coroutines. */
    fun withoutMachinery(trace: Array<StackTraceElement>): List<StackTraceElement> =
        trace.filterNot { isOfMachinery(it.className) }

    private fun isInternal(frame: StackTraceElement): Boolean {
        val name = frame.className
        return isOurs(name) || name.startsWith("kotlin") && kotlinMachinery.any(name::startsWith) ||
            isMadeByKotlin(frame)
    }

    private fun isOfUser(frame: StackTraceElement) = !isNoise(frame) && !isOfHost(frame)

    /** Of what no code of the user's takes part in, the place where the host's thread called is enough. */
    private fun withoutHost(frames: List<StackTraceElement>): List<StackTraceElement> =
        frames.take(frames.indexOfFirst(::isOfHost).let { if (it < 0) frames.size else it + 1 })

    /**
     * Without what lies below the library: the host's thread. Of an exception that has gone through awaits only the first frame
     * may be one of the library.
     */
    private fun inside(trace: Array<StackTraceElement>): List<StackTraceElement> {
        val bottom = trace.indexOfLast(::isBottom)
        val isWhole = bottom < 0 || bottom == 0 && trace.size > 1 && isOfUser(trace[1])
        val inside = if (isWhole) trace.asList() else trace.asList().subList(0, bottom + 1)
        return inside.filterNot(::isHidden).map(::tidy)
    }

    /** The classes of lambdas, which the stacks of exceptions leave out, and JDKs before 22 do not leave out of a thread's. */
    private fun isHidden(frame: StackTraceElement) = "\$\$Lambda" in frame.className

    /** Some JDKs say of every frame of a thread that its class came from the class path, and of which version the JDK is. */
    private fun tidy(frame: StackTraceElement): StackTraceElement {
        if (frame.classLoaderName !in builtIn && frame.moduleVersion == null) return frame
        val loader = frame.classLoaderName?.takeUnless(builtIn::contains)
        return StackTraceElement(
            loader,
            frame.moduleName,
            null,
            frame.className,
            frame.methodName,
            frame.fileName,
            frame.lineNumber,
        )
    }

    private val builtIn = setOf("app", "platform")

    fun isNoise(frame: StackTraceElement): Boolean {
        val name = frame.className
        return isOurs(name) || isOfMachinery(name) || isMadeByKotlin(frame)
    }

    /** Whether the class belongs to what runs the code: the JDK, or Kotlin's coroutines. */
    fun isOfMachinery(className: String): Boolean = className.first() in "jsck" && machinery.any(className::startsWith)

    /** What the compiler adds between the functions of the source. */
    fun isMadeByKotlin(frame: StackTraceElement) =
        frame.methodName.startsWith("access$") || frame.lineNumber == -1 && frame.fileName?.endsWith(".kt") == true

    fun isOurs(className: String): Boolean =
        className.startsWith("asyncio.") &&
            (className.startsWith(INTERNAL) || className.substringBeforeLast('.', "") in ours)

    private const val INTERNAL = "asyncio.internal."
}
