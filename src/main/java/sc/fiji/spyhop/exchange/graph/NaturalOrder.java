package sc.fiji.spyhop.exchange.graph;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names in the order in which people count: {@code layer2} before {@code layer10}. */
public enum NaturalOrder implements Comparator<String> {
  /** The only one; it holds nothing. */
  INSTANCE;

  private static final Pattern PART = Pattern.compile("[0-9]+|[^0-9]+");

  @Override
  public int compare(String a, String b) {
    Matcher as = PART.matcher(a);
    Matcher bs = PART.matcher(b);
    while (true) {
      boolean inA = as.find();
      boolean inB = bs.find();
      if (!inA || !inB) return Boolean.compare(inA, inB);
      int order = parts(as.group(), bs.group());
      if (order != 0) return order;
    }
  }

  /** Whether what two names first differ in is a number, in both. */
  static boolean isByNumber(String a, String b) {
    Matcher as = PART.matcher(a);
    Matcher bs = PART.matcher(b);
    while (as.find() && bs.find()) {
      if (!as.group().equals(bs.group())) return isNumber(as.group()) && isNumber(bs.group());
    }
    return false;
  }

  private static int parts(String a, String b) {
    if (isNumber(a) && isNumber(b)) return new BigInteger(a).compareTo(new BigInteger(b));
    return a.compareTo(b);
  }

  private static boolean isNumber(String part) {
    return part.charAt(0) >= '0' && part.charAt(0) <= '9';
  }
}
