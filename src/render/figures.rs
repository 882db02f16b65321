//! The drawings of a document as files of their own: SVG, for a paper.

use super::document::{Block, Document, Drawing, Picture};
use super::drawings;

/// A file for each drawing: its name, `01-flow.svg`, or of one of several samples `02-sample-7-flow.svg`, and what it holds. They are numbered as on the page, where the figures of
/// one step of a training have the numbers of those of the others.
pub fn figures(document: &Document) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let sections = document.sections.iter();
    let last = sections.fold(0, |n, section| collect(&section.blocks, "", n, &mut found));
    let digits = last.to_string().len().max(2);
    let files = found.into_iter();
    let file = |(n, name, file): Figure| (format!("{n:0digits$}-{name}.svg"), file);
    files.map(file).collect()
}

/// Its number, its name, which begins with what it is of, and what it holds.
type Figure = (usize, String, String);

/// The figures of these blocks as a page has them, `before` the first of them; gives the number of the last.
fn collect(blocks: &[Block], of: &str, before: usize, found: &mut Vec<Figure>) -> usize {
    let mut n = before;
    for block in blocks {
        let (name, file) = match block {
            Block::Part(blocks) | Block::More(_, blocks) | Block::PageOnly(blocks) => {
                n = collect(blocks, of, n, found);
                continue;
            }
            Block::Steps(steps) => {
                let step = |(label, blocks): &(String, Vec<Block>)| {
                    let step = label.split(':').next().unwrap_or_default();
                    collect(blocks, &format!("{}-", step.replace(' ', "-")), n, found)
                };
                n = steps.iter().map(step).last().unwrap_or(n);
                continue;
            }
            Block::SampleDetail(sample_detail) => {
                let of = match sample_detail.row {
                    Some(_) => format!("{of}sample-{}-", sample_detail.sample),
                    None => of.to_owned(),
                };
                n = collect(&sample_detail.pictures, &of, n, found);
                n = collect(&sample_detail.levels, &of, n, found);
                continue;
            }
            Block::Picture(Picture { drawing, caption })
            | Block::Maps(Picture { drawing, caption }) => match drawing {
                Drawing::Vector(vector) => (vector.name.clone(), vector.file()),
                Drawing::Images(images) => ("images".to_owned(), images.picture(caption).svg()),
                Drawing::Contact(contact) => ("contact-sheet".to_owned(), contact.picture().svg()),
            },
            Block::Strips(strips) => (strips.name.clone(), drawings::strips(strips).file()),
            _ => continue,
        };
        n += 1;
        found.push((n, of.to_owned() + &name, file));
    }
    n
}
