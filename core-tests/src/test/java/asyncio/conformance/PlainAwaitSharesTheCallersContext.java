package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.ContextVar;
import asyncio.Coroutine;

/**
 * An awaited coroutine shares the caller's context, so its changes are visible afterwards; through gather they are not.
 */
final class PlainAwaitSharesTheCallersContext extends TimedProgram {
    private final ContextVar<String> var = ContextVar.create("var", "default");

    Coroutine<String> change(String value) {
        return async(() -> {
            var.set(value);
            await(sleep(ZERO));
            return var.get();
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            await(change("by await"));
            say("after await", var.get());
            await(gather(change("by gather a"), change("by gather b")));
            say("after gather", var.get());
            await(createTask(change("by task")));
            say("after task", var.get());
            await(waitFor(change("by wait_for"), ofSeconds(10)));
            say("after wait_for", var.get());
            with(timeout(ofSeconds(10)), () -> {
                await(change("inside timeout"));
            });
            say("after timeout", var.get());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
