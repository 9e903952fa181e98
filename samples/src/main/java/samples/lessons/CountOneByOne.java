package samples.lessons;

/** The example of {@code samples/run count} with calls that block: each waits for the one before. */
final class CountOneByOne {
    private CountOneByOne() {}

    private static void count() throws InterruptedException {
        System.out.println("One");
        Thread.sleep(1000);
        System.out.println("Two");
    }

    static void main() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            count();
        }
    }
}
