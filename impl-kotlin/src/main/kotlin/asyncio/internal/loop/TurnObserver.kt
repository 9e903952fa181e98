package asyncio.internal.loop

/** Takes part in the turns of one loop. */
internal interface TurnObserver {
    /** Gives [item] its turn. On the loop's thread. */
    fun turn(item: Ready)

    /** The loop has nothing to do. On the host's thread. */
    fun idle()
}
