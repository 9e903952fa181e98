package samples.flags;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where flags are saved. */
record FlagFolder(Path path) {

    /**
     * Saves a flag. Under its own name it is there as a whole or not at all, whatever happens meanwhile.
     *
     * @throws NotSaved if it could not be written
     */
    void save(String country, byte[] image) throws NotSaved {
        try {
            Files.createDirectories(path);
            var part = path.resolve(country + ".svg.part");
            try {
                Files.write(part, image);
                Files.move(
                        part,
                        path.resolve(country + ".svg"),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new NotSaved(e);
        }
    }

    /** Tells trouble with the disk from trouble with the network, which is an IOException too. */
    static final class NotSaved extends IOException {
        private static final long serialVersionUID = 1L;

        NotSaved(IOException cause) {
            super(cause);
        }
    }
}
