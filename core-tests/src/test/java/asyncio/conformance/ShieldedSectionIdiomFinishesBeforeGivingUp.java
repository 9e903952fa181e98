package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.shield;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Event;
import java.util.List;

/** A task protects a critical section: on cancel it awaits the shielded task once more and then re-raises. */
final class ShieldedSectionIdiomFinishesBeforeGivingUp extends Program {
    private Event gate;

    Coroutine<String> critical() {
        return async(() -> {
            say("critical section starts");
            await(gate.waitSet());
            say("critical section ends");
            return "saved";
        });
    }

    Coroutine<Void> worker() {
        return async(() -> {
            var section = createTask(critical());
            try {
                await(shield(section));
            } catch (CancelledError e) {
                say("cancelled, finishing first");
                say(await(section));
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            gate = Event.create();
            var task = createTask(worker());
            for (int i = 0; i < 5; i++) {
                await(sleep(ZERO));
            }
            task.cancel();
            await(sleep(ZERO));
            say("worker done", task.done());
            gate.set();
            await(Asyncio.wait(List.of(task)));
            say("worker cancelled", task.cancelled());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
