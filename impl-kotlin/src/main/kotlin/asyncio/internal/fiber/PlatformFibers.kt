package asyncio.internal.fiber

import asyncio.internal.loop.EventLoopImpl

/** A fiber on a pooled platform thread. */
internal class PlatformFiber(
    loop: EventLoopImpl,
    body: Any,
    private val fibers: PlatformFibers,
    private val own: FiberThread,
    private val isGenerator: Boolean,
) : BatonFiber(loop, body) {
    override fun start(): Unit = own.give(this)

    override fun bodyEnds(): Unit = own.bodyEnds()

    override fun switchToBody() {
        super.switchToBody()
        if (state != FINISHED) return
        // The loop's own code runs again.
        loop.onFiber = false
        fibers.ended(isGenerator)
    }
}

/**
 * Fibers on pooled daemon threads, for JVMs without virtual ones. Where the [FiberLimit] is reached, bodies wait in a
 * [ThreadQueue] before they begin.
 */
internal class PlatformFibers(
    private val loop: EventLoopImpl,
) : Fibers {
    private val threads = if (loop.isDetached) FiberThreads.shared else FiberThreads()
    private var queue: ThreadQueue? = null

    /** How many bodies of this loop hold a thread, or have a permit to begin. */
    var held: Int = 0
        private set

    /** How many of them are async generators. */
    private var generators = 0

    /** With how many the garbage is collected: some may be held by nobody. */
    private var manyGenerators = FIRST_COLLECTION

    override fun create(
        body: Any,
        depth: Int,
    ): Fiber? = if (mayBegin(depth)) createPermitted(body, false) else null

    override fun createForGenerator(
        body: Any,
        depth: Int,
    ): Fiber? {
        if (generators >= manyGenerators && FiberLimit.collectGarbage(false)) manyGenerators = 2 * generators
        return if (mayBegin(depth)) createPermitted(body, true) else null
    }

    private fun mayBegin(depth: Int): Boolean = queue?.isWaited(depth) != true && take(depth)

    override fun createPermitted(
        body: Any,
        isGenerator: Boolean,
    ): Fiber? {
        val thread =
            try {
                threads.take()
            } catch (error: OutOfMemoryError) {
                val othersEnd = FiberLimit.lower(error)
                giveBackPermit()
                if (othersEnd) return null
                throw FiberLimit.refusal("the machine refuses to start one").apply { initCause(error) }
            }
        if (isGenerator) generators++
        return PlatformFiber(loop, body, this, thread, isGenerator)
    }

    /** A body has ended. */
    fun ended(isGenerator: Boolean) {
        if (isGenerator) {
            generators--
            if (generators < manyGenerators / 4) manyGenerators = maxOf(FIRST_COLLECTION, 2 * generators)
        }
        giveBackPermit()
    }

    override fun permit(
        depth: Int,
        isFirst: Boolean,
    ): ThreadPermit {
        val queue = queue ?: ThreadQueue(loop, this).also { queue = it }
        return queue.join(depth, isFirst)
    }

    /** Takes a permit if the limit has one for this [depth]. */
    fun take(depth: Int): Boolean {
        if (!FiberLimit.take(depth)) return false
        held++
        return true
    }

    override fun giveBackPermit() {
        held--
        FiberLimit.giveBack(queue)
    }

    override fun refusal(): IllegalStateException =
        FiberLimit.refusal("all are taken, and one that is driven by hand cannot wait")

    /** Has async generators found that nobody holds. */
    fun lookForGenerators(urgently: Boolean) {
        if (generators > 0) FiberLimit.collectGarbage(urgently)
    }

    override fun drive(iterations: Runnable): Unit = iterations.run()

    override fun close() {
        queue?.let(FiberLimit::waitsNoMore)
        // Bodies that would not end are of no loop any more.
        while (held > 0) giveBackPermit()
        // What is driven without a loop shares its threads.
        if (!loop.isDetached) threads.close()
    }

    private companion object {
        const val FIRST_COLLECTION = 1_000
    }
}
