package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ofMillis;

import asyncio.CancelledError;
import asyncio.Coroutine;
import java.util.ArrayList;
import java.util.List;

/** The textbook spinner: an animation task runs beside a slow function and is cancelled when the answer is there. */
final class SpinnerIsCancelledWhenTheSlowFunctionReturns extends TimedProgram {
    private final List<Character> frames = new ArrayList<>();

    Coroutine<Void> spin(String message) {
        return async(() -> {
            try {
                for (int i = 0; ; i++) {
                    char frame = "|/-+".charAt(i % 4);
                    frames.add(frame);
                    if (frames.size() == 1) {
                        say("spinner starts:", frame, message);
                    }
                    await(sleep(ofMillis(10)));
                }
            } catch (CancelledError e) {
                say("spinner cancelled");
            }
        });
    }

    Coroutine<Integer> slowFunction() {
        return async(() -> {
            say("slow function starts");
            await(sleep(ofMillis(300)));
            return 42;
        });
    }

    Coroutine<Integer> supervisor() {
        return async(() -> {
            var spinner = createTask(spin("thinking"));
            say("spinner created, done", spinner.done());
            var result = await(slowFunction());
            spinner.cancel();
            await(spinner);
            say("spinner done", spinner.done(), "cancelled", spinner.cancelled(), "several frames", frames.size() > 2);
            return result;
        });
    }

    @Override
    void program() {
        say("answer", run(supervisor()));
    }
}
