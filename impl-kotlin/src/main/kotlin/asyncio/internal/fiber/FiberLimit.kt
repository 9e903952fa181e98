package asyncio.internal.fiber

import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/**
 * How many Java bodies of this process may hold a platform thread at once, and how many do. Loops whose bodies have to wait
 * for one are told when that changes. From any thread.
 *
 * The more threads a process has, the longer each switch takes, so that many bodies are through sooner where few run at once.
 * Therefore the limit [grows][grow] from a [moderate number][START] to the [greatest][max] only while none of the bodies ends.
 */
public object FiberLimit {
    /** How many: a number. Without it the machine's own limits tell. */
    public const val PROPERTY: String = "asyncio.carrier.threads"

    private val logger = System.getLogger("asyncio")

    /** Where it begins to grow. */
    @Volatile private var start: Int

    /** How many may at present. */
    @Volatile private var limit: Int

    /** How many bodies may hold a thread at most. */
    @JvmStatic
    @Volatile
    public var max: Int
        private set

    init {
        val chosen = System.getProperty(PROPERTY)?.let(::numberIn)
        max = chosen ?: MachineLimits().threads() ?: ELSEWHERE
        start = chosen ?: minOf(max, START)
        limit = start
    }

    /** For tests. */
    @JvmStatic
    public fun set(
        start: Int,
        max: Int,
    ) {
        this.max = max
        this.start = start
        limit = start
        isToldOfMany.set(false)
        isToldOfLimit.set(false)
    }

    private val isToldOfMany = AtomicBoolean()
    private val isToldOfLimit = AtomicBoolean()

    /** How many bodies hold a thread, or have been promised one. */
    private val held = AtomicInteger()

    /** How many threads there are, idle ones too. */
    private val threads = AtomicInteger()

    private val pools: MutableSet<FiberThreads> = ConcurrentHashMap.newKeySet()
    private val waiting = CopyOnWriteArrayList<ThreadQueue>()

    /** How many bodies hold a thread. */
    @JvmStatic
    public val inUse: Int get() = held.get()

    private fun numberIn(text: String): Int {
        val number = text.toIntOrNull()
        check(number != null && number > 0) { "-D$PROPERTY=$text: give a number of threads, such as 10000" }
        return number
    }

    /**
     * Takes one of the threads for a body; false if none is left. The [depth] says how many tasks were made each by the next
     * until this one was. Those that are less deep may be waiting for the deeper ones, so some threads are kept for these: a
     * quarter from depth 1 on, a sixteenth from depth 2 on, and so on.
     */
    internal fun take(depth: Int): Boolean {
        while (true) {
            val before = held.get()
            val limit = limit
            if (before >= limit - (limit shr (2 * (depth + 1)))) return false
            if (held.compareAndSet(before, before + 1)) {
                if (before + 1 == MANY) tellOfMany()
                return true
            }
        }
    }

    /** A body needs its thread no more. That was one of the loop that [own] belongs to. */
    internal fun giveBack(own: ThreadQueue?) {
        val left = held.decrementAndGet()
        if (limit > start && left < start / 2) limit = start
        if (waiting.isEmpty()) return
        val isAlone = waiting.all { it === own }
        if (isAlone) own?.beginNext() else waiting.forEach(ThreadQueue::beginNextSoon)
    }

    /** Lets more bodies begin, because none ends. False if there must not be more. */
    internal fun grow(): Boolean {
        val before = limit
        limit = minOf(max, before + maxOf(1, before / GROWTH))
        return limit > before
    }

    internal fun waits(queue: ThreadQueue) {
        waiting.addIfAbsent(queue)
    }

    internal fun waitsNoMore(queue: ThreadQueue) {
        waiting.remove(queue)
    }

    // ---- threads

    /** Before a thread is made: where there are too many, an idle one ends. */
    internal fun threadComes(pool: FiberThreads) {
        pools.add(pool)
        if (threads.incrementAndGet() > max) pools.any(FiberThreads::endOneIdle)
    }

    internal fun threadGoes() {
        threads.decrementAndGet()
    }

    internal fun poolGoes(pool: FiberThreads) {
        pools.remove(pool)
    }

    /** Whether idle threads should end at once. */
    internal val areTooMany: Boolean get() = threads.get() > max

    /** The machine refuses a thread. False if there is no other, so that waiting for one is of no use. */
    internal fun lower(error: OutOfMemoryError): Boolean {
        val others = threads.get()
        // The body that is refused its thread counts among those that hold one.
        if (others < 1 || held.get() <= 1) return false
        val lower = (others - others / 8).coerceAtLeast(1)
        if (lower < max) {
            max = lower
            start = minOf(start, lower)
            limit = minOf(limit, lower)
            logger.log(
                System.Logger.Level.WARNING,
                "The machine refuses to start another thread ($error). From now on at most $lower coroutines hold" +
                    " one. $ADVICE",
            )
        }
        return true
    }

    // ---- words for the user

    private fun tellOfMany() {
        if (VirtualThreads.factory != null || !isToldOfMany.compareAndSet(false, true)) return
        val java = Runtime.version().feature()
        logger.log(
            System.Logger.Level.INFO,
            "$MANY coroutines with Java bodies have begun and not ended, and on Java $java each of them holds a" +
                " platform thread: the more there are, the longer each await takes. At most $max may. $ADVICE",
        )
    }

    internal fun tellOfLimit() {
        if (!isToldOfLimit.compareAndSet(false, true)) return
        val more = if (limit < max) " If none ends, more threads are made, $max at most." else ""
        logger.log(
            System.Logger.Level.WARNING,
            "All $limit platform threads that coroutines may hold are taken: other coroutines begin when some of" +
                " these have ended.$more $ADVICE",
        )
    }

    internal fun tellOfStandstill(
        number: Int,
        seconds: Long,
    ): Unit =
        logger.log(
            System.Logger.Level.WARNING,
            "$number coroutines wait for a platform thread, and none has got one for $seconds seconds. If those that" +
                " hold the threads, $max at most, wait for these, the program stands still. $ADVICE",
        )

    /** What a coroutine raises that cannot begin. */
    internal fun refusal(why: String): IllegalStateException =
        IllegalStateException("No thread is free for this coroutine: $why. The limit is $max. $ADVICE")

    private const val ADVICE =
        "On Java 21 or newer coroutines need no platform threads, and Kotlin's suspend functions need none on any" +
            " Java. A Semaphore limits how many run at once; -D$PROPERTY=… sets the number of threads"

    // ---- garbage

    private val collecting = Any()
    private var nextCollection = System.nanoTime()
    private var isOfNoUse = false

    /**
     * Has the garbage collected, so that async generators that nobody holds are found; not too often unless it is
     * [urgent]. False if that did not take place.
     */
    internal fun collectGarbage(urgent: Boolean): Boolean =
        synchronized(collecting) {
            val begin = System.nanoTime()
            if (isOfNoUse || !urgent && begin - nextCollection < 0) return false
            val queue = ReferenceQueue<Any>()
            val probe = WeakReference(Any(), queue)
            System.gc()
            // With -XX:+DisableExplicitGC nothing happens.
            isOfNoUse = probe.get() != null
            // What is found is known to the loop a little later.
            if (!isOfNoUse) queue.remove(PATIENCE_MILLIS)
            val took = System.nanoTime() - begin
            nextCollection = begin + took * REST
            return true
        }

    private const val PATIENCE_MILLIS = 50L

    /** At most one part in so many of the time goes into it. */
    private const val REST = 20

    /** So many threads are at work where others wait. */
    private const val START = 8_000

    /** The limit grows by one part in so many. */
    private const val GROWTH = 4

    /** So many threads are worth a word. */
    private const val MANY = 5_000

    /** Where the machine does not tell. */
    private const val ELSEWHERE = 4_000
}
