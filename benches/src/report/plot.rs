//! Figures as a picture: a panel of bars for each scenario, on logarithmic scales.

use std::io;

use plotters::backend::SVGBackend;
use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::coord::ranged1d::IntoSegmentedCoord;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{PathElement, Rectangle, Text};
use plotters::prelude::{IntoLogRange, SegmentValue};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{BLACK, Color, IntoFont, IntoTextStyle, RGBColor, WHITE};

use crate::contestants::Role;
use crate::report::finding::{Finding, Line};
use crate::report::machine::Machine;
use crate::report::program::quick;
use crate::report::table::figure;
use crate::sample::quantity;

const COLUMNS: usize = 2;
const PANEL_WIDTH: u32 = 680;
const BAR_HEIGHT: u32 = 22;
/// Of the title and the axis of a panel.
const FRAME_HEIGHT: u32 = 84;
const HEADING_HEIGHT: u32 = 44;
const FONT: &str = "sans-serif";

/// What a logarithmic axis shows where a time without the loop's is nothing or less.
const SMALLEST: f64 = 0.1;

const OURS: RGBColor = RGBColor(0x1b, 0x7a, 0x4b);
const PEER: RGBColor = RGBColor(0x7d, 0x8f, 0xa9);
const FLOOR: RGBColor = RGBColor(0xd9, 0xc2, 0x8a);

/// One set of bars.
struct Panel<'f> {
    title: String,
    /// From the top.
    lines: Vec<&'f Line>,
}

/// The picture as SVG: of the findings that every program has, a panel for each quantity but latencies and memory,
/// bars from quartile to quartile marked.
///
/// # Errors
///
/// If it cannot be drawn.
pub fn svg(machine: &Machine, findings: &[Finding]) -> Result<String, DrawingAreaErrorKind<io::Error>> {
    let panels = panels(findings);
    let rows: Vec<&[Panel<'_>]> = panels.chunks(COLUMNS).collect();
    let heights = rows.iter().map(|row| row.iter().map(Panel::height).max().unwrap_or(0)).collect::<Vec<_>>();
    let size = (PANEL_WIDTH * COLUMNS as u32, HEADING_HEIGHT + heights.iter().sum::<u32>());
    let mut picture = String::new();
    {
        let root = SVGBackend::with_string(&mut picture, size).into_drawing_area();
        root.fill(&WHITE)?;
        let heading =
            format!("{}, {} processors, {}", machine.processor, machine.processors, machine.toolchain);
        root.draw(&Text::new(heading, (16, 14), (FONT, 18).into_font()))?;
        let (_, mut rest) = root.split_vertically(HEADING_HEIGHT);
        for (row, height) in rows.iter().zip(heights) {
            let (area, below) = rest.split_vertically(height);
            for (panel, area) in row.iter().zip(area.split_evenly((1, COLUMNS))) {
                panel.draw(&area)?;
            }
            rest = below;
        }
        root.present()?;
    }
    Ok(picture)
}

fn panels(findings: &[Finding]) -> Vec<Panel<'_>> {
    let common = quick().scenarios;
    let mut panels = Vec::new();
    for finding in findings.iter().filter(|finding| common.contains(&finding.scenario)) {
        for quantity in [quantity::RECORD, quantity::GATHER, quantity::PAGE] {
            let lines: Vec<_> = finding.lines.iter().filter(|line| line.quantity == quantity).collect();
            if !lines.is_empty() {
                panels.push(Panel { title: format!("{}: {quantity}", finding.title), lines });
            }
        }
    }
    panels
}

impl Panel<'_> {
    fn height(&self) -> u32 {
        FRAME_HEIGHT + self.lines.len() as u32 * BAR_HEIGHT
    }

    fn draw(&self, area: &DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), DrawingAreaErrorKind<io::Error>> {
        // The area may be as high as a higher neighbour's.
        let (area, _) = area.split_vertically(self.height());
        let medians = self.lines.iter().map(|line| line.spread.median.max(SMALLEST));
        // The shortest bar is long enough to be seen.
        let from = power_of_ten((medians.fold(f64::INFINITY, f64::min) / 2.0).log10().floor());
        let largest = self.lines.iter().map(|line| line.spread.upper.max(line.spread.median));
        let to = power_of_ten(largest.fold(from * 10.0, f64::max).log10().ceil());
        let last = self.lines.len() - 1;
        let mut chart = ChartBuilder::on(&area)
            .caption(&self.title, (FONT, 15))
            .margin(10)
            .margin_right(56)
            .x_label_area_size(26)
            .y_label_area_size(170)
            .build_cartesian_2d((from..to).log_scale(), (0..last).into_segmented())?;
        // Positions count from below.
        let name = |position: &SegmentValue<usize>| match position {
            SegmentValue::CenterOf(position) if *position <= last => {
                self.lines[last - position].contestant.clone()
            }
            _ => String::new(),
        };
        chart
            .configure_mesh()
            .disable_y_mesh()
            .light_line_style(BLACK.mix(0.06))
            .y_labels(self.lines.len())
            .y_label_formatter(&name)
            .x_label_formatter(&|value| axis_label(*value))
            .label_style((FONT, 12))
            .draw()?;
        let inside = |value: f64| value.clamp(from, to);
        for (number, line) in self.lines.iter().enumerate() {
            let position = last - number;
            let (bottom, top) = (SegmentValue::Exact(position), SegmentValue::Exact(position + 1));
            let mut bar = Rectangle::new(
                [(from, bottom), (inside(line.spread.median), top)],
                color(line.role).filled(),
            );
            bar.set_margin(3, 3, 0, 0);
            chart.draw_series([bar])?;
            let middle = SegmentValue::CenterOf(position);
            let quartiles =
                [(inside(line.spread.lower), middle.clone()), (inside(line.spread.upper), middle.clone())];
            chart.draw_series([PathElement::new(quartiles, BLACK)])?;
            let end = inside(line.spread.upper.max(line.spread.median));
            let beside =
                (FONT, 12).into_font().into_text_style(&area).pos(Pos::new(HPos::Left, VPos::Center));
            let text = format!(" {}", figure(line.spread.median));
            chart.plotting_area().draw(&Text::new(text, (end, middle), beside))?;
        }
        Ok(())
    }
}

/// A power of ten, briefly.
fn axis_label(value: f64) -> String {
    if value < 1.0 { value.to_string() } else { figure(value).replace(".00", "").replace(".0", "") }
}

fn power_of_ten(exponent: f64) -> f64 {
    10_f64.powf(exponent)
}

fn color(role: Role) -> RGBColor {
    match role {
        Role::Ours => OURS,
        Role::Peer => PEER,
        Role::Floor | Role::Empty => FLOOR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::program::{plain_deliveries, plain_reading};
    use crate::sample::{Figures, Sample};
    use crate::scenario::Scenario;
    use roxmltree::Document;

    fn finding(scenario: Scenario, quantity: &str, times: &[f64]) -> Finding {
        let figures = times.iter().enumerate().map(|(number, time)| Figures {
            contestant: format!("<contestant & {number}>"),
            role: Role::Ours,
            quantity: quantity.to_owned(),
            rounds: vec![*time, time * 2.0, time * 3.0],
        });
        Finding::new(scenario, &[Sample { figures: figures.collect(), on_processor: None }])
    }

    #[test]
    fn the_picture_is_well_formed_and_names_every_contestant_with_its_median() {
        let times = [-0.1, 0.0, 7.0, 1_234.5];
        let findings = [
            finding(plain_deliveries(), quantity::RECORD, &times),
            finding(plain_reading(), quantity::PAGE, &times[2..]),
        ];
        let picture = svg(&Machine::this(None), &findings).unwrap();
        let document = Document::parse(&picture).unwrap();
        assert_eq!(document.root_element().tag_name().name(), "svg");
        let texts: Vec<_> = document.descendants().filter_map(|node| node.text()).map(str::trim).collect();
        for expected in ["<contestant & 3>", "-0.20", "0.00", "14.0", "2,469"] {
            assert!(texts.contains(&expected), "{expected}: {texts:?}");
        }
        assert!(texts.iter().any(|text| text.starts_with("deliveries of 20 names")));
    }

    #[test]
    fn a_picture_of_nothing_is_well_formed() {
        assert!(Document::parse(&svg(&Machine::this(None), &[]).unwrap()).is_ok());
    }

    #[test]
    fn labels_of_the_axis_are_brief() {
        assert_eq!([0.1, 1.0, 10.0, 1_000.0].map(axis_label), ["0.1", "1", "10", "1,000"]);
    }
}
