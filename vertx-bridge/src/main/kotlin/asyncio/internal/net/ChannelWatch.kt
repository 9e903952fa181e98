package asyncio.internal.net

import asyncio.Action
import asyncio.Handle
import io.netty.channel.IoEventLoop
import io.netty.channel.IoRegistration
import io.netty.channel.nio.NioIoHandle
import io.netty.channel.nio.NioIoOps
import io.netty.channel.nio.NioSelectableChannelIoHandle
import java.nio.channels.SelectableChannel
import java.nio.channels.SelectionKey
import java.nio.channels.ServerSocketChannel
import java.nio.channels.SocketChannel
import java.util.concurrent.ConcurrentHashMap

/**
 * The channels of one loop that code waits for with callbacks, as asyncio's selector has them: one reader and one writer each.
 * Everything here is code of the loop, or runs on the host's thread.
 */
internal class ChannelWatch private constructor(
    private val here: NetworkLoop,
) : AutoCloseable {
    private val watched = HashMap<SelectableChannel, Watched>()

    private val selector: IoEventLoop

    init {
        val eventLoop = here.host.context.nettyEventLoop()
        if (eventLoop !is IoEventLoop || !eventLoop.isCompatible(NioIoHandle::class.java)) {
            throw UnsupportedOperationException(
                "Channels of java.nio need a loop on NIO, and this one has a native transport",
            )
        }
        selector = eventLoop
    }

    fun setReader(
        channel: SelectableChannel,
        callback: Action?,
    ): Boolean = of(channel, callback)?.setReader(callback) ?: false

    fun setWriter(
        channel: SelectableChannel,
        callback: Action?,
    ): Boolean = of(channel, callback)?.setWriter(callback) ?: false

    private fun of(
        channel: SelectableChannel,
        callback: Action?,
    ): Watched? {
        if (callback == null) return watched[channel]
        require(!channel.isBlocking) { "the socket must be non-blocking: $channel" }
        return watched.getOrPut(channel) { Watched(channel) }
    }

    override fun close() {
        watches.remove(here.loop)
        watched.values.toList().forEach(Watched::forget)
    }

    /** A channel with its callbacks. */
    private inner class Watched(
        private val channel: SelectableChannel,
    ) {
        private var reader: Callback? = null
        private var writer: Callback? = null
        private var registration: IoRegistration? = null
        private var isForgotten = false

        private val handle =
            object : NioSelectableChannelIoHandle<SelectableChannel>(channel) {
                override fun handle(
                    channel: SelectableChannel,
                    key: SelectionKey,
                ) {
                    if (!key.isValid) return forget()
                    val ready = key.readyOps()
                    if (ready and READING != 0) reader?.schedule()
                    if (ready and WRITING != 0) writer?.schedule()
                }
            }

        init {
            here.host.execute {
                selector.register(handle).addListener {
                    if (it.isSuccess) {
                        registration = it.now as IoRegistration
                        if (isForgotten) registration!!.cancel() else submit()
                    }
                }
            }
        }

        fun setReader(callback: Action?): Boolean {
            val before = reader
            before?.cancel()
            reader = callback?.let(::Callback)
            changed()
            return before != null
        }

        fun setWriter(callback: Action?): Boolean {
            val before = writer
            before?.cancel()
            writer = callback?.let(::Callback)
            changed()
            return before != null
        }

        private fun changed() {
            if (reader == null && writer == null) forget() else here.host.execute(::submit)
        }

        private fun submit() {
            val registration = registration ?: return
            if (!registration.isValid) return forget()
            var ops = 0
            if (reader != null) ops = ops or readOp()
            if (writer != null) ops = ops or writeOp()
            registration.submit(NioIoOps.valueOf(ops))
        }

        private fun readOp() = if (channel is ServerSocketChannel) SelectionKey.OP_ACCEPT else SelectionKey.OP_READ

        private fun writeOp(): Int {
            val connects = channel is SocketChannel && channel.isConnectionPending
            return if (connects) SelectionKey.OP_CONNECT else SelectionKey.OP_WRITE
        }

        fun forget() {
            isForgotten = true
            watched.remove(channel)
            here.host.execute { registration?.cancel() }
        }
    }

    /** Runs at most once for each time that its channel is found ready. */
    private inner class Callback(
        private val action: Action,
    ) {
        private val context = asyncio.Asyncio.copyContext()
        private var handle: Handle? = null

        fun schedule() {
            if (handle != null || here.loop.isClosed) return
            handle =
                here.loop.callSoon({
                    handle = null
                    action.run()
                }, context)
        }

        fun cancel() {
            handle?.cancel()
        }
    }

    companion object {
        private const val READING = SelectionKey.OP_READ or SelectionKey.OP_ACCEPT
        private const val WRITING = SelectionKey.OP_WRITE or SelectionKey.OP_CONNECT

        private val watches = ConcurrentHashMap<Any, ChannelWatch>()

        fun running(): ChannelWatch {
            val here = NetworkLoop.running()
            return watches.getOrPut(here.loop) { ChannelWatch(here).also(here.host::register) }
        }
    }
}
