package sc.fiji.spyhop.job.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.job.page.Findings.Finding;
import sc.fiji.spyhop.util.Strings;

/**
 * The page as HTML: of itself, but for the pictures beside it. It says that nothing may be loaded
 * from elsewhere and that no script but its own may run, so that no name of a file can do harm.
 */
final class PageWriter {

  /**
   * Pixels that there are for groups and numbers on a page of 1265, and what each of them takes.
   */
  private static final int ROOM = 574;

  private static final int GROUP = 56;
  private static final int NUMBER = 92;

  /** Groups that have a column, where there are more. */
  private static final int GROUPS = 3;

  private final Writer out;
  private final LookedImages images;
  private final List<String> groups;
  private final List<String> means;
  private final boolean counts;
  private final boolean squares;

  /**
   * Writes a page.
   *
   * @param counts whether what was found can be counted, which classes of pixels cannot
   * @param squares whether there are pictures of what the model is least sure of
   */
  PageWriter(Writer out, LookedImages images, boolean counts, boolean squares) {
    this.out = out;
    this.images = images;
    this.counts = counts;
    this.squares = squares;
    groups = first(images.groups(), GROUPS);
    int numbers = (ROOM - GROUP * groups.size()) / NUMBER;
    means = first(images.means(), numbers - (counts ? 1 : 0) - (hasShare() ? 1 : 0));
  }

  private static List<String> first(List<String> columns, int n) {
    return columns.subList(0, Math.min(n, columns.size()));
  }

  /**
   * All before the table.
   *
   * @param tables names of files that are beside the page
   */
  void begin(String title, List<String> tables, List<Figure> figures) throws IOException {
    String script = resource("page.js");
    line("<!DOCTYPE html>");
    line("<html lang=\"en\"><head><meta charset=\"utf-8\">");
    line(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self'"
            + " file: data:; style-src 'unsafe-inline'; script-src 'sha256-"
            + sha256(script)
            + "'\">");
    line("<meta name=\"viewport\" content=\"width=device-width\">");
    line("<title>" + Html.text(title) + "</title>");
    line("<style>\n" + resource("page.css") + "</style></head><body>");
    line("<h1>" + Html.text(title) + "</h1>");
    line("<p>" + Html.text(summary()) + "</p>");
    line(
        "<p>"
            + tables.stream()
                .map(t -> "<a href=\"" + Html.path(t) + "\">" + Html.text(t) + "</a>")
                .collect(Collectors.joining(" · "))
            + "</p>");
    line("<section>");
    for (Figure f : figures) figure(f);
    line("</section>");
    line(
        "<p id=\"tools\"><label>Find <input type=\"search\" placeholder=\"part of a name or"
            + " warning\"></label> <span></span></p>");
    line("<div id=\"box\"><table style=\"--columns: " + columns() + "\"><thead><tr>");
    heads();
    line("</tr></thead><tbody>");
  }

  private String summary() {
    long failed = images.images().stream().filter(LookedImages.Image::failed).count();
    long warned = images.images().stream().filter(i -> !i.text("warning").isEmpty()).count();
    double count =
        images.images().stream().filter(i -> !i.failed()).mapToDouble(i -> i.number("count")).sum();
    String models = said("model");
    return Strings.format(
        "%,d image%s%s%s%s%s.",
        images.images().size(),
        images.images().size() == 1 ? "" : "s",
        counts ? Strings.format(", %,.0f found", count) : "",
        failed == 0 ? "" : Strings.format("; %,d failed", failed),
        warned == failed ? "" : Strings.format("; %,d with a warning", warned - failed),
        models.isEmpty() ? "" : ". Model: " + models + " on " + said("device"));
  }

  private String said(String column) {
    return images.images().stream()
        .map(i -> i.text(column))
        .filter(t -> !t.isEmpty())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private void figure(Figure f) throws IOException {
    line(
        Strings.format(
            "<figure><h2>%s</h2><img src=\"data:image/png;base64,%s\" width=\"%d\" height=\"%d\""
                + " alt=\"%s\"><figcaption>%s</figcaption></figure>",
            Html.text(f.title()),
            Base64.getEncoder().encodeToString(f.png()),
            f.width(),
            Plots.HEIGHT,
            Html.text(f.title()),
            Html.text(f.caption())));
  }

  /** Widths, which do not depend on what is in the rows. */
  private String columns() {
    int numbers = (counts ? 1 : 0) + (hasShare() ? 1 : 0) + means.size();
    return "200px minmax(8em, 3fr)"
        + " minmax(3em, 1fr)".repeat(groups.size())
        + " minmax(5.6em, 1fr)".repeat(numbers)
        + (squares ? " 204px" : " minmax(6em, 2fr)")
        + " minmax(5em, 4fr)";
  }

  private void heads() throws IOException {
    line("<th>Picture</th>");
    head("Image", false);
    for (String group : groups) head(group, false);
    if (counts) head("Count", true);
    if (hasShare()) head("Area share", true);
    for (String mean : means) head(mean(mean), true);
    line("<th data-n><button>" + (squares ? "Least sure" : "Found") + "</button></th>");
    head("Warning", false);
  }

  private boolean hasShare() {
    return images.images().stream().anyMatch(i -> !i.text("area_share").isEmpty());
  }

  private String mean(String column) {
    String words = "Mean " + column.substring("mean_".length()).replace('_', ' ');
    String unit = images.unit().isEmpty() ? "unit" : images.unit();
    return column.equals("mean_area") ? words + " (" + unit + "²)" : words;
  }

  private void head(String text, boolean number) throws IOException {
    line(
        Strings.format(
            "<th%s><button>%s</button></th>",
            number ? " class=\"n\" data-n" : "", Html.text(text)));
  }

  /** A row of the table. */
  void image(LookedImages.Image image, Pictures.Of pictures, List<Finding> least)
      throws IOException {
    out.write(image.failed() ? "<tr class=\"failed\"><td>" : "<tr><td>");
    picture(image, pictures);
    out.write("</td><td>" + Html.text(image.title()));
    more(image);
    out.write("</td>");
    for (String group : groups) out.write("<td>" + Html.text(image.text(group)) + "</td>");
    if (counts) number(image.number("count"));
    if (hasShare()) number(image.number("area_share"));
    for (String mean : means) number(image.number(mean));
    least(pictures.unsure(), least);
    String warning = Html.text(image.text("warning"));
    out.write("<td>" + (image.failed() ? "<b>Failed.</b> " : "") + warning + "</td></tr>\n");
  }

  /** What has no column of its own, below the name of the image. */
  private void more(LookedImages.Image image) throws IOException {
    for (String group : images.groups().subList(groups.size(), images.groups().size())) {
      more(group, image.text(group));
    }
    for (String mean : images.means().subList(means.size(), images.means().size())) {
      double value = image.number(mean);
      more(mean(mean), Double.isNaN(value) ? "" : shown(value));
    }
  }

  private void more(String name, String value) throws IOException {
    if (!value.isEmpty()) out.write("<span>" + Html.text(name + " " + value) + "</span>");
  }

  private void picture(LookedImages.Image image, Pictures.Of pictures) throws IOException {
    if (pictures.small().isEmpty()) {
      if (!image.failed()) out.write("<span>no picture</span>");
      return;
    }
    String small =
        Strings.format(
            "<img class=\"small\" loading=\"lazy\" src=\"%s\" alt=\"%s\">",
            Html.path(pictures.small().get()), Html.text(image.title()));
    out.write(
        pictures
            .full()
            .map(f -> "<a href=\"" + Html.path(f) + "\">" + small + "</a>")
            .orElse(small));
  }

  private void number(double value) throws IOException {
    if (Double.isNaN(value)) {
      out.write("<td class=\"n\"></td>");
    } else {
      out.write("<td class=\"n\" data-n=\"" + value + "\">" + shown(value) + "</td>");
    }
  }

  /** Four digits, or all of a whole number. */
  private static String shown(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) return Strings.format("%,.0f", value);
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4));
    return rounded.precision() - rounded.scale() < -3
        ? Strings.format("%.3e", value)
        : rounded.toPlainString();
  }

  private void least(Optional<String> unsure, List<Finding> least) throws IOException {
    out.write("<td");
    if (!least.isEmpty() && !Double.isNaN(least.get(0).sure())) {
      out.write(" data-n=\"" + least.get(0).sure() + "\"");
    }
    out.write(unsure.isPresent() ? " class=\"least\">" : ">");
    if (unsure.isPresent()) {
      out.write(
          Strings.format(
              "<img class=\"unsure\" loading=\"lazy\" src=\"%s\" alt=\"\">",
              Html.path(unsure.get())));
    }
    for (Finding f : least) out.write("<span>" + Html.text(f.caption()) + "</span>");
    out.write("</td>");
  }

  void end() throws IOException {
    line("</tbody></table></div>");
    line("<script>" + resource("page.js") + "</script>");
    line("</body></html>");
    out.flush();
  }

  private void line(String text) throws IOException {
    out.write(text);
    out.write('\n');
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = PageWriter.class.getResourceAsStream(name)) {
      // with the line ends of HTML, whatever a checkout made of them: they count for the checksum
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    }
  }

  private static String sha256(String text) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
