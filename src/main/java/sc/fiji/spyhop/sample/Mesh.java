package sc.fiji.spyhop.sample;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Surfaces in space: flat, convex faces, each of one material. */
final class Mesh {

  /** Corners of what is round, all around. */
  private static final int AROUND = 20;

  /**
   * A flat, convex part of a surface, seen from both sides.
   *
   * @param material number of its colour
   * @param corners in order around it, at least three
   */
  record Face(int material, List<Vector3> corners) {}

  private final List<Face> faces = new ArrayList<>();

  List<Face> faces() {
    return Collections.unmodifiableList(faces);
  }

  void face(int material, Vector3... corners) {
    faces.add(new Face(material, List.of(corners)));
  }

  /** A box between two opposite corners. */
  void box(int material, double x0, double y0, double z0, double x1, double y1, double z1) {
    Vector3[] bottom = rectangle((x0 + x1) / 2, (y0 + y1) / 2, z0, (x1 - x0) / 2, (y1 - y0) / 2);
    Vector3[] top = rectangle((x0 + x1) / 2, (y0 + y1) / 2, z1, (x1 - x0) / 2, (y1 - y0) / 2);
    block(material, bottom, top);
  }

  /**
   * A beam between two level rectangles, such as a leg that tapers.
   *
   * @param from centre of one end
   * @param fromX half of its width there
   * @param fromY half of its depth there
   */
  void beam(
      int material, Vector3 from, double fromX, double fromY, Vector3 to, double toX, double toY) {
    block(
        material,
        rectangle(from.x(), from.y(), from.z(), fromX, fromY),
        rectangle(to.x(), to.y(), to.z(), toX, toY));
  }

  private static Vector3[] rectangle(double x, double y, double z, double halfX, double halfY) {
    return new Vector3[] {
      new Vector3(x - halfX, y - halfY, z),
      new Vector3(x + halfX, y - halfY, z),
      new Vector3(x + halfX, y + halfY, z),
      new Vector3(x - halfX, y + halfY, z)
    };
  }

  /** What lies between two polygons with as many corners. */
  void block(int material, Vector3[] from, Vector3[] to) {
    face(material, from);
    face(material, to);
    for (int i = 0; i < from.length; i++) {
      int next = (i + 1) % from.length;
      face(material, from[i], from[next], to[next], to[i]);
    }
  }

  /** A round rod between two places, which may be thicker at one end. */
  void rod(int material, Vector3 from, double fromRadius, Vector3 to, double toRadius) {
    Vector3 axis = to.minus(from).unit();
    Vector3 other = Math.abs(axis.z()) < 0.9 ? new Vector3(0, 0, 1) : new Vector3(1, 0, 0);
    Vector3 u = axis.cross(other).unit();
    Vector3 v = axis.cross(u);
    Vector3[] a = new Vector3[AROUND];
    Vector3[] b = new Vector3[AROUND];
    for (int i = 0; i < AROUND; i++) {
      double angle = 2 * StrictMath.PI * i / AROUND;
      Vector3 out = u.times(StrictMath.cos(angle)).plus(v.times(StrictMath.sin(angle)));
      a[i] = from.plus(out.times(fromRadius));
      b[i] = to.plus(out.times(toRadius));
    }
    block(material, a, b);
  }

  /** A ball. */
  void ball(int material, Vector3 centre, double radius) {
    int rows = AROUND / 2;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < AROUND; i++) {
        face(
            material,
            onBall(centre, radius, row, i),
            onBall(centre, radius, row, i + 1),
            onBall(centre, radius, row + 1, i + 1),
            onBall(centre, radius, row + 1, i));
      }
    }
  }

  private static Vector3 onBall(Vector3 centre, double radius, int row, int column) {
    double down = 2 * StrictMath.PI * row / AROUND;
    double around = 2 * StrictMath.PI * column / AROUND;
    double wide = radius * StrictMath.sin(down);
    return centre.plus(
        new Vector3(
            wide * StrictMath.cos(around),
            wide * StrictMath.sin(around),
            radius * StrictMath.cos(down)));
  }

  /** A bent tube through places. */
  void tube(int material, double radius, List<Vector3> places) {
    for (int i = 0; i + 1 < places.size(); i++) {
      rod(material, places.get(i), radius, places.get(i + 1), radius);
    }
    for (Vector3 place : places) ball(material, place, radius);
  }

  /**
   * A bent plate.
   *
   * @param front rows of places on one side of it
   * @param back as many, on the other side
   */
  void plate(int material, Vector3[][] front, Vector3[][] back) {
    for (int r = 0; r + 1 < front.length; r++) {
      for (int c = 0; c + 1 < front[r].length; c++) {
        block(material, cell(front, r, c), cell(back, r, c));
      }
    }
  }

  private static Vector3[] cell(Vector3[][] grid, int r, int c) {
    return new Vector3[] {grid[r][c], grid[r][c + 1], grid[r + 1][c + 1], grid[r + 1][c]};
  }
}
