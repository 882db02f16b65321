//! Figures over steps, as lines.

use maud::{Markup, html};

use super::axis::{self, Frame, LINE, Unit};
use super::legend::{Legend, kind, mark};
use super::scale::Scale;
use super::sheet::{NARROW, Sheet, WIDE, at, fitting, text_width};
use super::vector::Vector;
use crate::measure::range;

/// Above the lines, and beside the last of them.
const MARGIN: f64 = 10.0;
/// Steps of the scale, about.
const STEPS: usize = 5;

/// A line of a chart; gaps where there is no value.
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) values: Vec<Option<f64>>,
}

/// Lines over places, which stand at equal distances.
pub(crate) struct Chart<'c> {
    /// What it is called as a file.
    pub(crate) name: &'c str,
    pub(crate) title: &'c str,
    /// What the places are.
    pub(crate) along: &'c str,
    /// What their numbers are.
    pub(crate) up: &'c str,
    pub(crate) places: &'c [String],
    pub(crate) series: &'c [Series],
    pub(crate) unit: Unit,
    /// Whether it stands beside others, and is as narrow on a wide page as on a narrow one.
    pub(crate) beside: bool,
}

/// The chart; its scale begins at 0.
pub(crate) fn curves(chart: &Chart) -> Vector {
    let sheet = |width, height| chart.sheet(width, height);
    let (wide, narrow) = if chart.beside {
        (sheet(NARROW, 170.0), None)
    } else {
        (sheet(WIDE, 260.0), Some(sheet(NARROW, 200.0)))
    };
    Vector {
        name: chart.name.to_owned(),
        title: chart.title.to_owned(),
        sheet: wide,
        narrow,
        beside: chart.beside,
    }
}

impl Chart<'_> {
    fn sheet(&self, width: f64, height: f64) -> Sheet {
        let values = self.series.iter().flat_map(|series| series.values.iter());
        let scale = Scale::from_zero(range(values.flatten().copied()), STEPS);
        let names = self.series.iter().map(|series| series.name.as_str());
        // A single line is what the axis says.
        let names = names.filter(|_| self.series.len() > 1);
        let legend = Legend::new(names, width);
        let last = self.places.last().map_or(0.0, |place| text_width(place));
        let top = legend.height + LINE + MARGIN;
        let frame = Frame {
            left: axis::room(&scale, self.unit),
            right: width - MARGIN.max(last / 2.0),
            top,
            bottom: top + height,
        };
        Sheet {
            width,
            height: frame.bottom + 2.0 * LINE + 4.0,
            least: NARROW - 40.0,
            marks: html! {
                (legend.drawn(0.0, 0.0))
                text.quiet x="0" y=(at(legend.height + LINE - 4.0)) { (fitting(self.up, width)) }
                (axis::up(&scale, &frame, self.unit))
                (axis::places(self.places, self.along, &frame))
                @for (k, series) in self.series.iter().enumerate() { (self.line(k, series, &scale, &frame)) }
            },
        }
    }

    /// The `k`-th line with its marks; it begins again after a gap.
    fn line(&self, k: usize, series: &Series, scale: &Scale, frame: &Frame) -> Markup {
        let places = series.values.iter().zip(self.places).enumerate();
        let points = places.map(|(n, (value, place))| {
            let x = frame.x(axis::part(n, self.places.len()));
            value.map(|value| (x, frame.y(scale.part(value)), value, place))
        });
        let points: Vec<_> = points.collect();
        let runs = points.split(Option::is_none);
        let path = |run: &[Option<(f64, f64, f64, &String)>]| {
            let points = run.iter().flatten();
            let points = points.map(|(x, y, ..)| format!("{} {}", at(*x), at(*y)));
            "M".to_owned() + &points.collect::<Vec<_>>().join("L")
        };
        let paths = runs.filter(|run| !run.is_empty()).map(path);
        html! {
            path.series.(kind(k)) d=(paths.collect::<String>()) {}
            @for (x, y, value, place) in points.iter().flatten() {
                @let told = format!("{}, {} {place}: {}", series.name, self.along, self.unit.told(*value));
                (mark(k, *x, *y, Some((&told, *value))))
            }
        }
    }
}
