package sc.fiji.spyhop.ij;

import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.process.FloatPolygon;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.GeneralPath;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Areas as GeoJSON has them: polygons, each an outer ring and its holes, in pixels from the corner
 * of the image. A ring touches itself nowhere: where an outline does, as pixels that meet at a
 * corner make it, it is taken apart there.
 */
final class RoiRings {

  /** Largest distance of a curve from the lines that take its place, in pixels. */
  private static final double FLATNESS = 0.1;

  private RoiRings() {}

  /** Corners in order, the first not repeated. */
  private record Ring(List<Point2D.Double> corners) {

    double area() {
      double twice = 0;
      Point2D.Double last = corners.get(corners.size() - 1);
      for (Point2D.Double p : corners) {
        twice += last.x * p.y - p.x * last.y;
        last = p;
      }
      return Math.abs(twice) / 2;
    }

    Path2D path() {
      Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
      path.moveTo(corners.get(0).x, corners.get(0).y);
      for (Point2D.Double p : corners.subList(1, corners.size())) path.lineTo(p.x, p.y);
      path.closePath();
      return path;
    }

    /** On the middle of an edge, which no other ring of the area shares. */
    Point2D.Double somewhere() {
      Point2D.Double a = corners.get(0);
      Point2D.Double b = corners.get(1);
      return new Point2D.Double((a.x + b.x) / 2, (a.y + b.y) / 2);
    }
  }

  /** The polygons of an area, each with its outer ring first; none if it encloses nothing. */
  static List<List<List<Point2D.Double>>> of(Roi roi) {
    List<Ring> rings = new ArrayList<>();
    for (List<Point2D.Double> outline : outlines(roi)) rings.addAll(simple(outline));
    rings.sort(Comparator.comparingDouble(Ring::area).reversed());
    List<Path2D> paths = rings.stream().map(Ring::path).toList();
    int[] depth = new int[rings.size()];
    int[] parent = new int[rings.size()];
    List<List<List<Point2D.Double>>> polygons = new ArrayList<>();
    Map<Integer, List<List<Point2D.Double>>> outer = new HashMap<>();
    for (int i = 0; i < rings.size(); i++) {
      parent[i] = -1;
      for (int k = 0; k < i; k++) {
        if (!paths.get(k).contains(rings.get(i).somewhere())) continue;
        depth[i]++;
        parent[i] = k; // the smallest so far, as they come by area
      }
      if (depth[i] % 2 == 0) {
        List<List<Point2D.Double>> polygon = new ArrayList<>(List.of(rings.get(i).corners));
        outer.put(i, polygon);
        polygons.add(polygon);
      } else if (outer.containsKey(parent[i])) {
        outer.get(parent[i]).add(rings.get(i).corners);
      }
    }
    return polygons;
  }

  private static List<List<Point2D.Double>> outlines(Roi roi) {
    if (!(roi instanceof ShapeRoi shape)) {
      FloatPolygon polygon = roi.getFloatPolygon();
      List<Point2D.Double> corners = new ArrayList<>();
      for (int i = 0; i < polygon.npoints; i++) {
        corners.add(new Point2D.Double(polygon.xpoints[i], polygon.ypoints[i]));
      }
      return List.of(corners);
    }
    Rectangle bounds = shape.getBounds();
    Shape outline = shape.getShape();
    AffineTransform place = AffineTransform.getTranslateInstance(bounds.x, bounds.y);
    List<List<Point2D.Double>> outlines = new ArrayList<>();
    double[] at = new double[6];
    for (PathIterator i = outline.getPathIterator(place, FLATNESS); !i.isDone(); i.next()) {
      int kind = i.currentSegment(at);
      if (kind == PathIterator.SEG_MOVETO) outlines.add(new ArrayList<>());
      if (kind != PathIterator.SEG_CLOSE) {
        outlines.get(outlines.size() - 1).add(new Point2D.Double(at[0], at[1]));
      }
    }
    return outlines;
  }

  /** An outline, taken apart where it comes back to a corner. */
  private static List<Ring> simple(List<Point2D.Double> outline) {
    List<Ring> rings = new ArrayList<>();
    List<Point2D.Double> open = new ArrayList<>();
    Map<Point2D.Double, Integer> places = new HashMap<>();
    List<Point2D.Double> closed = new ArrayList<>(outline);
    if (!closed.isEmpty()) closed.add(closed.get(0));
    for (Point2D.Double p : closed) {
      Integer before = places.get(p);
      if (before != null) {
        List<Point2D.Double> loop = open.subList(before, open.size());
        if (loop.size() >= 3) add(new Ring(List.copyOf(loop)), rings);
        loop.subList(1, loop.size()).forEach(places::remove);
        loop.subList(1, loop.size()).clear();
      } else {
        places.put(p, open.size());
        open.add(p);
      }
    }
    return rings;
  }

  private static void add(Ring ring, List<Ring> rings) {
    if (ring.area() > 0) rings.add(ring);
  }

  /**
   * The area of polygons.
   *
   * @param rings of all polygons, outer ones and holes, at least one
   */
  static Roi roi(List<float[][]> rings) {
    if (rings.size() == 1) {
      float[][] ring = rings.get(0);
      return new PolygonRoi(ring[0], ring[1], Roi.FREEROI);
    }
    GeneralPath path = new GeneralPath(GeneralPath.WIND_EVEN_ODD);
    for (float[][] ring : rings) {
      path.moveTo(ring[0][0], ring[1][0]);
      for (int i = 1; i < ring[0].length; i++) path.lineTo(ring[0][i], ring[1][i]);
      path.closePath();
    }
    return new ShapeRoi(path);
  }
}
