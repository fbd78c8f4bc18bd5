package sc.fiji.spyhop.job.batch;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Rows alone, without files.
 *
 * @param unlike see {@link BatchJob.Found#unlike}
 */
record FoundRows(List<List<String>> all, String summary, List<String> unlike)
    implements BatchJob.Found {

  /** Of an image that is like those that the model learned from, as far as is known. */
  FoundRows(List<List<String>> all, String summary) {
    this(all, summary, List.of());
  }

  @Override
  public Stream<List<String>> rows() {
    return all.stream();
  }

  @Override
  public long count() {
    return all.size();
  }

  @Override
  public void write(Function<String, Path> place) {}
}
