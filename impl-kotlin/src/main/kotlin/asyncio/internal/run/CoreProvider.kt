package asyncio.internal.run

import asyncio.Action
import asyncio.AsCompleted
import asyncio.AsyncContextManager
import asyncio.AsyncExitStack
import asyncio.AsyncGenerator
import asyncio.AsyncIterable
import asyncio.Awaitable
import asyncio.Barrier
import asyncio.Block
import asyncio.BoundedSemaphore
import asyncio.Condition
import asyncio.Context
import asyncio.ContextVar
import asyncio.Coroutine
import asyncio.DoneAndPending
import asyncio.Event
import asyncio.EventLoop
import asyncio.Future
import asyncio.FutureCallGraph
import asyncio.Lock
import asyncio.Outcome
import asyncio.Queue
import asyncio.QueueStore
import asyncio.ReturnWhen
import asyncio.RunOptions
import asyncio.Runner
import asyncio.Semaphore
import asyncio.Task
import asyncio.TaskGroup
import asyncio.TaskOptions
import asyncio.Timeout
import asyncio.ValueBlock
import asyncio.internal.context.ContextImpl
import asyncio.internal.context.ContextMap
import asyncio.internal.context.ContextVarImpl
import asyncio.internal.context.Contexts
import asyncio.internal.fiber.FiberKind
import asyncio.internal.inspect.CallGraphs
import asyncio.internal.loop.LoopHost
import asyncio.internal.loop.NoHost
import asyncio.internal.loop.nanosOf
import asyncio.internal.stream.StreamsImpl
import asyncio.internal.sync.BarrierImpl
import asyncio.internal.sync.BoundedSemaphoreImpl
import asyncio.internal.sync.ConditionImpl
import asyncio.internal.sync.EventImpl
import asyncio.internal.sync.FifoStore
import asyncio.internal.sync.LifoStore
import asyncio.internal.sync.LockImpl
import asyncio.internal.sync.PriorityStore
import asyncio.internal.sync.QueueImpl
import asyncio.internal.sync.SemaphoreImpl
import asyncio.internal.task.AsCompletedImpl
import asyncio.internal.task.AsyncExitStackImpl
import asyncio.internal.task.AsyncGeneratorImpl
import asyncio.internal.task.BlockingFuture
import asyncio.internal.task.DetachedLoops
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.GeneratorContextManager
import asyncio.internal.task.IterablePublisher
import asyncio.internal.task.JavaCoroutine
import asyncio.internal.task.JavaGeneratorBody
import asyncio.internal.task.PublisherItems
import asyncio.internal.task.SleepCoroutine
import asyncio.internal.task.StageFuture
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.Suspension
import asyncio.internal.task.TaskGroupImpl
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.TimeoutImpl
import asyncio.internal.task.Wait
import asyncio.internal.task.WaitFor
import asyncio.internal.task.awaitFuture
import asyncio.spi.AsyncioProvider
import asyncio.spi.IoStreams
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.Flow
import java.util.function.Function
import asyncio.internal.task.currentTask as taskOfCaller
import asyncio.internal.task.gather as gatherAll
import asyncio.internal.task.gatherOutcomes as gatherAllOutcomes
import asyncio.internal.task.refuseUnawaited as refuseForgotten
import asyncio.internal.task.shield as shieldOf

/** All of the provider that needs no more than a [LoopHost]; who knows the host's kind adds the rest. */
public abstract class CoreProvider :
    AsyncioProvider,
    DetachedLoops {
    /** A host for a loop of its own. */
    protected abstract fun newHost(): LoopHost

    override fun <T> coroutine(body: Callable<out T>): Coroutine<T> = JavaCoroutine(body)

    override fun coroutine(body: Action): Coroutine<Void?> = JavaCoroutine(body)

    override fun <R, E : Exception> main(body: ValueBlock<R, E>): Coroutine<R> = JavaCoroutine(body)

    override fun <E : Exception> main(body: Block<E>): Coroutine<Void?> = JavaCoroutine(body)

    override fun refuseUnawaited(
        value: Any?,
        function: String,
    ): Unit = refuseForgotten(value, function)

    /** Throws where the calling thread must not wait, before anything is made for it. */
    protected open fun checkMayWait(): Unit = Unit

    override fun <S> yieldToDriver(value: Any?): S {
        val driver = Suspension.ofJavaBody("Coroutine.yield")
        driver.yieldFiber(value)
        @Suppress("UNCHECKED_CAST")
        return driver.loop.sent.also { driver.loop.sent = null } as S
    }

    override fun <T> asyncGenerator(body: AsyncGenerator.Body<T>): AsyncGenerator<T> =
        AsyncGeneratorImpl(JavaGeneratorBody(body))

    override fun <V> asyncContextManager(generator: AsyncGenerator<V>): AsyncContextManager<V> =
        GeneratorContextManager(generator)

    override fun runner(options: RunOptions): Runner =
        RunnerImpl(options.debug()) {
            checkMayWait()
            val factory = options.loopFactory()
            if (factory == null) {
                EventLoopImpl(newHost())
            } else {
                val loop: EventLoop? = factory.get()
                requireNotNull(loop as? EventLoopImpl) {
                    "The loop factory $factory gave $loop: it must give a new loop, of Asyncio.newEventLoop()"
                }
            }
        }

    override fun newDetachedLoop(): TaskLoop = EventLoopImpl(NoHost, FiberKind.forDriving())

    override fun newEventLoop(): EventLoop = EventLoopImpl(newHost())

    override fun runningLoop(): EventLoop? = TaskLoop.current()

    override fun currentTask(): Task<*>? = TaskLoop.current()?.currentTask

    override fun <T> newTask(
        loop: EventLoop,
        coroutine: Coroutine<T>,
        options: TaskOptions,
    ): Task<T> = (loop as EventLoopImpl).newTask(coroutine, options)

    override fun <T> ensureFuture(awaitable: Awaitable<T>): Future<T> =
        loopFor("ensureFuture", awaitable).ensureFuture(awaitable)

    override fun allTasks(loop: EventLoop): Set<Task<*>> {
        loop as EventLoopImpl
        loop.checkThread("allTasks")
        return LinkedHashSet<Task<*>>(loop.tasks.oldestFirst())
    }

    override fun captureCallGraph(
        future: Future<*>?,
        depth: Int,
        limit: Int,
    ): FutureCallGraph? = CallGraphs.capture(runningOr("captureCallGraph"), future, depth, limit)

    override fun formatTaskTree(loop: EventLoop): String {
        loop as EventLoopImpl
        loop.checkThread("formatTaskTree")
        return CallGraphs.tree(loop)
    }

    override fun copyContext(): Context = Contexts.copyOfCurrent()

    override fun newContext(): Context = ContextImpl(ContextMap.EMPTY)

    override fun <T> contextVar(name: String): ContextVar<T> = ContextVarImpl(name, ContextVarImpl.NOTHING)

    override fun <T> contextVar(
        name: String,
        defaultValue: T,
    ): ContextVar<T> = ContextVarImpl(name, defaultValue)

    override fun <T> sleep(
        delay: Duration,
        result: T,
    ): Coroutine<T> = SleepCoroutine(nanosOf(delay), result)

    override fun <T> gather(awaitables: Iterable<Awaitable<out T>>): Future<List<T>> =
        forAll("gather", awaitables) { loop, all -> gatherAll(loop, all) }

    override fun <T, R : Any> gather(
        awaitables: Iterable<Awaitable<out T>>,
        finish: Function<in MutableList<T>, out R>,
    ): Future<R> = forAll("gather", awaitables) { loop, all -> gatherAll(loop, all, finish::apply) }

    override fun <T> gatherOutcomes(awaitables: Iterable<Awaitable<out T>>): Future<List<Outcome<T>>> =
        forAll("gatherOutcomes", awaitables) { loop, all -> gatherAllOutcomes(loop, all) }

    override fun <F : Future<*>> wait(
        futures: Collection<F>,
        timeout: Duration?,
        returnWhen: ReturnWhen,
    ): Coroutine<DoneAndPending<F>> = Wait(futures, timeout, returnWhen)

    override fun <T> waitFor(
        awaitable: Awaitable<out T>,
        timeout: Duration?,
    ): Coroutine<T> = WaitFor(awaitable, timeout)

    override fun <T> asCompleted(
        awaitables: Iterable<Awaitable<out T>>,
        timeout: Duration?,
    ): AsCompleted<T> = forAll("asCompleted", awaitables) { loop, all -> AsCompletedImpl(loop, all, timeout) }

    override fun <T> shield(awaitable: Awaitable<T>): Future<T> = shieldOf(loopFor("shield", awaitable), awaitable)

    override fun timeout(delay: Duration?): Timeout = TimeoutImpl.after(runningOr("timeout"), delay)

    override fun timeoutAt(`when`: Duration?): Timeout = TimeoutImpl.at(`when`)

    override fun taskGroup(): TaskGroup = TaskGroupImpl()

    override fun <T> wrapFuture(stage: CompletionStage<T>): Future<T> = StageFuture(runningOr("await"), stage)

    override fun <T> wrapBlockingFuture(future: java.util.concurrent.Future<T>): Future<T> =
        if (future is CompletionStage<*>) {
            @Suppress("UNCHECKED_CAST")
            wrapFuture(future as CompletionStage<T>)
        } else {
            BlockingFuture(runningOr("wrapFuture"), future)
        }

    override fun <T : Any> items(
        publisher: Flow.Publisher<T>,
        window: Int,
    ): AsyncIterable<T> = PublisherItems(publisher, window)

    override fun <T : Any> publisher(
        items: AsyncIterable<out T>,
        loop: EventLoop,
    ): Flow.Publisher<T> = IterablePublisher(loop as TaskLoop, items)

    override fun asyncExitStack(): AsyncExitStack = AsyncExitStackImpl()

    override fun <T> toThread(call: Callable<out T>): Coroutine<T> =
        SuspendCoroutine {
            val context = Contexts.copyOfCurrent()
            val inContext = Callable<T> { context.run(call).also { refuseForgotten(it, "toThread") } }
            awaitFuture(taskOfCaller().loop.runInExecutor(null, inContext) as FutureImpl<T>)
        }

    override fun <T> runCoroutineThreadsafe(
        coroutine: Coroutine<T>,
        loop: EventLoop,
    ): CompletableFuture<T> = runThreadsafe(coroutine, loop as EventLoopImpl)

    override fun lock(): Lock = LockImpl()

    override fun event(): Event = EventImpl()

    override fun condition(lock: Lock): Condition {
        require(lock is LockImpl) { "A condition needs a lock that Lock.create() made, not $lock" }
        return ConditionImpl(lock)
    }

    override fun semaphore(value: Int): Semaphore = SemaphoreImpl(value)

    override fun boundedSemaphore(value: Int): BoundedSemaphore = BoundedSemaphoreImpl(value)

    override fun barrier(parties: Int): Barrier = BarrierImpl(parties)

    override fun <T> queue(maxsize: Int): Queue<T> = QueueImpl(FifoStore(), maxsize)

    override fun <T> lifoQueue(maxsize: Int): Queue<T> = QueueImpl(LifoStore(), maxsize)

    override fun <T> priorityQueue(
        order: Comparator<in T>,
        maxsize: Int,
    ): Queue<T> = QueueImpl(PriorityStore(order), maxsize)

    override fun <T> queueOf(
        store: QueueStore<T>,
        maxsize: Int,
    ): Queue<T> = QueueImpl(store, maxsize)

    private fun loopFor(
        what: String,
        awaitable: Awaitable<*>,
    ): TaskLoop = TaskLoop.current() ?: loopOf(what, listOf(awaitable))

    private inline fun <A : Awaitable<*>, R> forAll(
        what: String,
        awaitables: Iterable<A>,
        action: (TaskLoop, Iterable<A>) -> R,
    ): R {
        val loop = TaskLoop.current()
        if (loop != null) return action(loop, awaitables)
        val all = awaitables.toList()
        return action(loopOf(what, all), all)
    }

    /** Where no loop runs: that of the futures among [awaitables], as long as it stands still. */
    private fun loopOf(
        what: String,
        awaitables: List<Awaitable<*>>,
    ): TaskLoop {
        val loop = awaitables.firstNotNullOfOrNull { (it as? FutureImpl<*>)?.loop } ?: return runningOr(what)
        return loop.also { it.checkThread(what) }
    }

    private fun runningOr(what: String): TaskLoop =
        TaskLoop.current() ?: throw IllegalStateException(
            "$what outside a running event loop (in thread ${Thread.currentThread().name}): " +
                (adviceHere() ?: "call it from a coroutine, or from a callback of the loop"),
        )

    override fun streams(): IoStreams = StreamsImpl
}
