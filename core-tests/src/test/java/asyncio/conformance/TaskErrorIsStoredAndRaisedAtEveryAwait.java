package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import java.util.ArrayList;

/** A failed task does not disturb anybody until it is awaited; each await and result() raises the same stored error. */
final class TaskErrorIsStoredAndRaisedAtEveryAwait extends Program {
    Coroutine<Void> bad() {
        return async(() -> {
            say("bad raises");
            throw new IllegalArgumentException("boom");
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(bad());
            await(sleep(ZERO));
            say("main goes on", task.done(), task.cancelled());
            var errors = new ArrayList<Throwable>();
            errors.add(task.exception());
            for (int i = 0; i < 2; i++) {
                try {
                    await(task);
                } catch (IllegalArgumentException e) {
                    say("await raised", e, str(e));
                    errors.add(e);
                }
            }
            try {
                task.result();
            } catch (IllegalArgumentException e) {
                errors.add(e);
            }
            say("same object", errors.stream().allMatch(e -> e == errors.get(0)), errors.size());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
