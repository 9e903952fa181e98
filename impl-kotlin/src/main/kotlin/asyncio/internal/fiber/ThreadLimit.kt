package asyncio.internal.fiber

import asyncio.internal.thread.MachineLimits
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * How many Java bodies of this process may hold a platform thread at once. A machine that has no thread left does not recover,
 * so a body is refused before. From any thread.
 */
public object ThreadLimit {
    /** How many: a number. Without it the limits of the machine decide. */
    public const val PROPERTY: String = "asyncio.fiber.threads"

    private val logger = System.getLogger("asyncio")

    /** How many bodies may hold a thread. Tests set others, each as if the program began with it. */
    @JvmStatic
    @Volatile
    public var limit: Int = System.getProperty(PROPERTY)?.let(::numberIn) ?: MachineLimits().threads() ?: ELSEWHERE
        set(number) {
            field = number
            nextCollection = firstCollection
            isToldOfMany.set(false)
        }

    private val held = AtomicInteger()

    /** How many hold one: all that have begun and not ended. */
    @JvmStatic
    public val inUse: Int get() = held.get()

    private val isToldOfMany = AtomicBoolean()

    /** With so many the garbage is collected: async generators may be among them that no code refers to. */
    @Volatile private var nextCollection = firstCollection

    private val firstCollection: Int get() = minOf(FIRST_COLLECTION, limit / COLLECTION_STEP + 1)

    private fun numberIn(text: String): Int {
        val number = text.toIntOrNull()
        check(number != null && number > 0) { "-D$PROPERTY=$text: give a number of threads, such as 10000" }
        return number
    }

    /** @throws IllegalStateException if no thread is left */
    internal fun take() {
        val number = held.incrementAndGet()
        if (number == MANY) tellOfMany()
        if (number < minOf(nextCollection, limit)) return
        if (number > limit) {
            held.decrementAndGet()
            throw refusal("$limit coroutines hold one each, which is the limit of this machine or of -D$PROPERTY")
        }
        if (number >= nextCollection) collectGarbage(number)
    }

    internal fun giveBack() {
        val left = held.decrementAndGet()
        val next = nextCollection
        if (left < next / COLLECTION_STEP / COLLECTION_STEP && next > firstCollection) nextCollection = firstCollection
    }

    /** Comes back when the loops can know what was found; they close it in one of their next iterations. */
    private fun collectGarbage(number: Int) {
        val doubled = number * COLLECTION_STEP
        nextCollection = if (doubled < limit) doubled else number + (limit - number) / COLLECTION_STEP + 1
        val found = ReferenceQueue<Any>()
        val probe = WeakReference(Any(), found)
        System.gc()
        // With -XX:+DisableExplicitGC nothing is collected.
        if (probe.get() == null) found.remove(PATIENCE_MILLIS)
    }

    private fun tellOfMany() {
        if (!isToldOfMany.compareAndSet(false, true)) return
        logger.log(
            System.Logger.Level.WARNING,
            "$MANY coroutines with Java bodies have begun and not ended. On Java ${Runtime.version().feature()} each" +
                " of them holds a platform thread: the more there are, the longer each await takes. The limit is" +
                " $limit. $ADVICE",
        )
    }

    internal fun refusal(why: String): IllegalStateException =
        IllegalStateException("can't start new coroutine: no thread is left for it: $why. $ADVICE")

    private const val ADVICE =
        "On Java 21 or newer coroutines hold no platform threads, and Kotlin's suspend functions hold none on any" +
            " Java. A Semaphore around the creation of tasks limits how many there are at once"

    private const val FIRST_COLLECTION = 1_000
    private const val COLLECTION_STEP = 2
    private const val PATIENCE_MILLIS = 50L

    /** So many are worth a word. */
    private const val MANY = 5_000

    /** Where the machine does not tell. */
    private const val ELSEWHERE = 4_000
}
