//! Where in a file its mutants stand: the expressions around the operators that cargo-mutants names.

use std::collections::BTreeSet;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::Mutant;

/// A range of bytes that is written anew.
pub struct Place {
    pub range: Range<usize>,
    pub what: What,
}

/// What stands in a range, and the mutants of it.
pub enum What {
    /// `left operator right`.
    Binary {
        left: Range<usize>,
        right: Range<usize>,
        operator: String,
        mutants: Vec<Mutant>,
    },
    /// `operator operand`, whose operator goes.
    Unary {
        operand: Range<usize>,
        operator: String,
        mutant: Mutant,
    },
    /// The condition of an arm.
    Guard(Vec<Mutant>),
    /// An arm that goes: its pattern, its condition, and what follows.
    Arm {
        pattern: Range<usize>,
        guard: Option<Range<usize>>,
        rest: Range<usize>,
        mutants: Vec<Mutant>,
    },
    /// The beginning of a function that returns at once.
    Body(Vec<Mutant>),
    /// `Name { fields, ..base }`, of which a field goes.
    Fields {
        name: Range<usize>,
        fields: Vec<(Range<usize>, Vec<Mutant>)>,
        base: Range<usize>,
    },
}

/// What a file has.
pub struct Places {
    pub places: Vec<Place>,
    /// The mutants that have a place.
    pub used: BTreeSet<usize>,
}

/// The places of `mutants` in `source`.
///
/// # Errors
///
/// When the source is not Rust.
pub fn of(source: &str, mutants: &[Mutant]) -> syn::Result<Places> {
    let file = syn::parse_file(source)?;
    let mut finder = Finder {
        source,
        mutants,
        found: Places {
            places: Vec::new(),
            used: BTreeSet::new(),
        },
        constants: 0,
    };
    finder.visit_file(&file);
    Ok(finder.found)
}

struct Finder<'a> {
    source: &'a str,
    mutants: &'a [Mutant],
    found: Places,
    /// How many constants stand around: nothing can be chosen in one while the program runs.
    constants: usize,
}

fn bytes(node: &impl Spanned) -> Range<usize> {
    node.span().byte_range()
}

impl Finder<'_> {
    /// The mutants of a genre that begin somewhere in `starts` and have no place yet.
    fn take(&mut self, starts: Range<usize>, genre: &str) -> Vec<Mutant> {
        let taken: Vec<Mutant> = self
            .mutants
            .iter()
            .filter(|m| {
                m.genre == genre && starts.contains(&m.start) && !self.found.used.contains(&m.id)
            })
            .cloned()
            .collect();
        self.found.used.extend(taken.iter().map(|m| m.id));
        taken
    }

    fn take_at(&mut self, start: usize, genre: &str) -> Vec<Mutant> {
        self.take(start..start + 1, genre)
    }

    fn put(&mut self, range: Range<usize>, what: What) {
        self.found.places.push(Place { range, what });
    }

    fn body(&mut self, block: &syn::Block) {
        let Some(first) = block.stmts.first() else {
            return;
        };
        let (open, first) = (bytes(block).start + 1, bytes(first).start);
        let mutants = self.take(open..first + 1, "FnValue");
        if !mutants.is_empty() {
            self.put(open..open, What::Body(mutants));
        }
    }

    fn function(
        &mut self,
        signature: &syn::Signature,
        block: &syn::Block,
        inside: impl FnOnce(&mut Self),
    ) {
        if signature.constness.is_some() {
            return self.constant(inside);
        }
        self.body(block);
        inside(self);
    }

    fn constant(&mut self, inside: impl FnOnce(&mut Self)) {
        self.constants += 1;
        inside(self);
        self.constants -= 1;
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig, &function.block, |finder| {
            visit::visit_item_fn(finder, function);
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.sig, &function.block, |finder| {
            visit::visit_impl_item_fn(finder, function);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.body(block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.constant(|finder| visit::visit_item_const(finder, item));
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.constant(|finder| visit::visit_item_static(finder, item));
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.constant(|finder| visit::visit_impl_item_const(finder, item));
    }

    fn visit_expr_const(&mut self, expression: &'ast syn::ExprConst) {
        self.constant(|finder| visit::visit_expr_const(finder, expression));
    }

    /// The length of an array is a constant.
    fn visit_type(&mut self, kind: &'ast syn::Type) {
        self.constant(|finder| visit::visit_type(finder, kind));
    }

    fn visit_expr_repeat(&mut self, expression: &'ast syn::ExprRepeat) {
        self.visit_expr(&expression.expr);
        self.constant(|finder| finder.visit_expr(&expression.len));
    }

    fn visit_expr_binary(&mut self, expression: &'ast syn::ExprBinary) {
        let operator = bytes(&expression.op);
        let binds = binds(&expression.left) || binds(&expression.right);
        if self.constants == 0 && !binds {
            let mutants = self.take_at(operator.start, "BinaryOperator");
            if !mutants.is_empty() {
                let what = What::Binary {
                    left: bytes(&expression.left),
                    right: bytes(&expression.right),
                    operator: self.source[operator].to_owned(),
                    mutants,
                };
                self.put(bytes(expression), what);
            }
        }
        visit::visit_expr_binary(self, expression);
    }

    fn visit_expr_unary(&mut self, expression: &'ast syn::ExprUnary) {
        let operator = bytes(&expression.op);
        if self.constants == 0 {
            for mutant in self.take_at(operator.start, "UnaryOperator") {
                let what = What::Unary {
                    operand: bytes(&expression.expr),
                    operator: self.source[operator.clone()].to_owned(),
                    mutant,
                };
                self.put(bytes(expression), what);
            }
        }
        visit::visit_expr_unary(self, expression);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let guard = arm.guard.as_ref().map(|guard| &guard.1);
        if self.constants == 0 && !guard.is_some_and(|guard| binds(guard)) {
            let guard = guard.map(|guard| bytes(&**guard));
            if let Some(range) = &guard {
                let mutants = self.take_at(range.start, "MatchArmGuard");
                if !mutants.is_empty() {
                    self.put(range.clone(), What::Guard(mutants));
                }
            }
            let whole = bytes(arm);
            let mutants = self.take_at(whole.start, "MatchArm");
            if !mutants.is_empty() {
                let what = What::Arm {
                    pattern: whole.start..bytes(&arm.pat).end,
                    guard,
                    rest: bytes(&arm.fat_arrow_token).start..whole.end,
                    mutants,
                };
                self.put(whole, what);
            }
        }
        visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, expression: &'ast syn::ExprStruct) {
        if let (0, Some(dots)) = (self.constants, &expression.dot2_token) {
            let fields: Vec<(Range<usize>, Vec<Mutant>)> = expression
                .fields
                .iter()
                .map(|field| {
                    (
                        bytes(field),
                        self.take_at(bytes(field).start, "StructField"),
                    )
                })
                .collect();
            if fields.iter().any(|(_, mutants)| !mutants.is_empty()) {
                let whole = bytes(expression);
                let open = expression.brace_token.span.open().byte_range().end;
                let what = What::Fields {
                    name: whole.start..open,
                    fields,
                    base: bytes(dots).start..whole.end,
                };
                self.put(whole, what);
            }
        }
        visit::visit_expr_struct(self, expression);
    }
}

/// Whether a condition binds names by `let`, which only `&&` may stand beside.
fn binds(condition: &syn::Expr) -> bool {
    match condition {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(both) => binds(&both.left) || binds(&both.right),
        syn::Expr::Paren(inside) => binds(&inside.expr),
        _ => false,
    }
}
