package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;

/** The members of a group stand in the order in which the children failed, not in the order of their creation. */
final class GroupListsErrorsInOrderOfFailure extends Program {
    Coroutine<Void> fails(int n, int rounds) {
        return async(() -> {
            for (int i = 0; i < rounds; i++) {
                try {
                    await(sleep(ZERO));
                } catch (CancelledError e) {
                    // goes on
                }
            }
            throw new IllegalArgumentException("child " + n);
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            try {
                with(taskGroup(), tg -> {
                    tg.createTask(fails(1, 9));
                    tg.createTask(fails(2, 3));
                    tg.createTask(fails(3, 6));
                });
            } catch (ExceptionGroup group) {
                say(each(group.exceptions(), Program::str));
                say(
                        "all plain errors",
                        group.exceptions().stream().allMatch(IllegalArgumentException.class::isInstance));
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
