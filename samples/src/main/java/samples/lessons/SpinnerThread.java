package samples.lessons;

/** A thread shows an animation while the main thread is blocked. */
final class SpinnerThread {
    private static volatile boolean goes;

    private SpinnerThread() {}

    private static void spin(String message) {
        var animation = new Animation(message);
        try {
            while (goes) {
                animation.show();
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            animation.erase();
        }
    }

    private static int slowFunction() throws InterruptedException {
        Thread.sleep(3000);
        return 42;
    }

    static int supervisor() throws InterruptedException {
        goes = true;
        var spinner = new Thread(() -> spin("thinking!"), "spinner");
        System.out.println("spinner object: " + spinner.getName());
        spinner.start();
        try {
            return slowFunction();
        } finally {
            goes = false;
            spinner.join();
        }
    }

    static void main() throws InterruptedException {
        System.out.println("Answer: " + supervisor());
    }
}
