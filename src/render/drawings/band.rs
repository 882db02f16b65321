//! A band that is as wide everywhere.

use super::sheet::at;

/// Along these points, which are places along a drawing and across it: curved between the first two and the last two and
/// wherever it changes its place across; `place` is where they lie on the sheet.
pub(super) fn band(
    points: &[(f64, f64)],
    width: f64,
    place: impl Fn(f64, f64) -> (f64, f64),
) -> String {
    let on_sheet = |along: f64, across: f64| {
        let (x, y) = place(along, across);
        format!("{} {}", at(x), at(y))
    };
    let step = |from: (f64, f64), to: (f64, f64)| {
        let middle = f64::midpoint(from.0, to.0);
        let (leaves, reaches) = (on_sheet(middle, from.1), on_sheet(middle, to.1));
        format!("C{leaves} {reaches} {}", on_sheet(to.0, to.1))
    };
    let along = |points: &[(f64, f64)]| {
        let steps = points.windows(2).map(|pair| step(pair[0], pair[1]));
        steps.collect::<String>()
    };
    let back: Vec<(f64, f64)> = points.iter().rev().map(|(a, b)| (*a, b + width)).collect();
    let [start, turn] = [points[0], back[0]].map(|(a, b)| on_sheet(a, b));
    format!("M{start}{}L{turn}{}Z", along(points), along(&back))
}
