//! The drawings of a document as files of their own: SVG, for a paper.

use super::document::{Block, Document, Drawing, Picture};
use super::drawings;

/// A file for each drawing: its name, `01-flow.svg`, and what it holds; they are numbered as on the page.
pub fn figures(document: &Document) -> Vec<(String, String)> {
    let mut pictures = Vec::new();
    let sections = document.sections.iter();
    sections.for_each(|section| collect(&section.blocks, "", &mut pictures));
    let digits = pictures.len().to_string().len().max(2);
    let files = pictures.into_iter().enumerate();
    let file = |(n, (name, file)): (usize, (String, String))| {
        (format!("{:0digits$}-{name}.svg", n + 1), file)
    };
    files.map(file).collect()
}

/// The pictures of these blocks as a page has them, each with its name, which begins with what it is of.
fn collect(blocks: &[Block], of: &str, found: &mut Vec<(String, String)>) {
    for block in blocks {
        let (name, file) = match block {
            Block::Part(blocks) | Block::More(_, blocks) | Block::OnPage(blocks) => {
                collect(blocks, of, found);
                continue;
            }
            Block::Steps(steps) => {
                for (label, blocks) in steps {
                    let step = label.split(':').next().unwrap_or_default();
                    collect(blocks, &format!("{}-", step.replace(' ', "-")), found);
                }
                continue;
            }
            Block::Account(account) => {
                collect(&account.pictures, of, found);
                collect(&account.levels, of, found);
                continue;
            }
            Block::Picture(Picture { drawing, caption })
            | Block::Maps(Picture { drawing, caption }) => match drawing {
                Drawing::Vector(vector) => (vector.name.clone(), vector.file()),
                Drawing::Images(images) => ("images".to_owned(), images.picture(caption).svg()),
                Drawing::Contact(contact) => ("contact-sheet".to_owned(), contact.picture.svg()),
            },
            Block::Strips(strips) => (strips.name.clone(), drawings::strips(strips).file()),
            _ => continue,
        };
        found.push((of.to_owned() + &name, file));
    }
}
