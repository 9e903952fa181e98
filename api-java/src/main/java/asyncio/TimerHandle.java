package asyncio;

import java.time.Duration;

/** A callback that is scheduled for a time. Python: {@code asyncio.TimerHandle}. */
public interface TimerHandle extends Handle {
    /** When it is due, on the clock of {@link EventLoop#time()}. */
    Duration when();
}
