package samples.flags;

import java.util.ArrayList;
import java.util.List;

/** One after another: the time is the sum of all waits. */
final class Sequential implements Way {

    @Override
    public String title(int flags, int limit) {
        return "one after another";
    }

    @Override
    public List<Download> downloadMany(List<String> countries, Job job) throws InterruptedException {
        var http = new BlockingDownloader();
        var downloads = new ArrayList<Download>();
        for (var country : countries) {
            downloads.add(http.downloadOne(country, job));
        }
        return downloads;
    }
}
