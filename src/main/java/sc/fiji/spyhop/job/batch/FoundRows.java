package sc.fiji.spyhop.job.batch;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rows alone, without files. */
record FoundRows(List<List<String>> all, String summary) implements BatchJob.Found {

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
