package sc.fiji.spyhop.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sc.fiji.spyhop.dataset.Range;

/** Reads ranges such as {@code 0.8..1.25}. */
final class RangeConverter implements ITypeConverter<Range> {

  @Override
  public Range convert(String text) {
    String[] ends = text.split("\\.\\.", -1);
    try {
      if (ends.length == 2) {
        double low = Double.parseDouble(ends[0]);
        double high = Double.parseDouble(ends[1]);
        if (low <= high && Double.isFinite(low) && Double.isFinite(high)) {
          return new Range(low, high);
        }
      }
    } catch (NumberFormatException e) {
      throw problem(text);
    }
    throw problem(text);
  }

  private static TypeConversionException problem(String text) {
    return new TypeConversionException(
        "expected a range such as 0.8..1.25, received \"" + text + "\"");
  }
}
