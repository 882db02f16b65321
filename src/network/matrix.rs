//! Matrices of numbers as they are stored: of 64 bits or of 32, row by row or column by column.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, ShapeBuilder};

use super::floats::{Float, FloatSlice, Floats};
use super::mapped::Mapped;

/// A matrix, each number exactly an f64.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    numbers: Floats,
    /// Rows and columns.
    sides: [usize; 2],
    /// Whether the numbers of a column lie side by side, not those of a row.
    by_column: bool,
}

/// A matrix that something else stores, each number exactly an f64.
#[derive(Debug, Clone, Copy)]
pub struct FloatMatrix<'s> {
    numbers: FloatSlice<'s>,
    /// Rows and columns.
    sides: [usize; 2],
    /// Whether the numbers of a column lie side by side, not those of a row.
    by_column: bool,
}

impl Matrix {
    /// Of numbers that lie row by row; none where they are not as many as it has places.
    pub(super) fn by_rows(numbers: Floats, sides: [usize; 2]) -> Option<Self> {
        let places = sides[0].checked_mul(sides[1]);
        (places == Some(numbers.len())).then_some(Self {
            numbers,
            sides,
            by_column: false,
        })
    }

    /// The same with rows and columns in each other's place, its numbers where they are.
    pub(super) fn transposed(self) -> Self {
        let [rows, columns] = self.sides;
        Self {
            sides: [columns, rows],
            // A single row or column lies both ways.
            by_column: !self.by_column && rows > 1 && columns > 1,
            ..self
        }
    }

    /// The matrix as it is.
    pub(super) fn view(&self) -> FloatMatrix<'_> {
        FloatMatrix {
            numbers: self.numbers.view(),
            sides: self.sides,
            by_column: self.by_column,
        }
    }

    /// Where the numbers are, if they are in a file.
    pub(super) fn mapped(&self) -> Option<&Mapped> {
        match &self.numbers {
            Floats::Mapped(mapped) => Some(mapped),
            Floats::Double(_) | Floats::Single(_) => None,
        }
    }

    /// The matrix for who changes it: of 64 bits from now on.
    pub(super) fn to_mut(&mut self) -> ArrayViewMut2<'_, f64> {
        let shape = self.sides.set_f(self.by_column);
        ArrayViewMut2::from_shape(shape, self.numbers.to_mut()).expect("as many numbers as places")
    }

    /// The numbers for who changes them, in the order in which they lie: of 64 bits from now on.
    pub(super) fn numbers_mut(&mut self) -> &mut [f64] {
        self.numbers.to_mut()
    }

    /// These rows of it, one below the other.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        fn selected<T: Float>(matrix: ArrayView2<T>, rows: &[usize]) -> Vec<T> {
            let mut selected = Vec::with_capacity(rows.len() * matrix.ncols());
            for row in rows {
                selected.extend(matrix.row(*row));
            }
            selected
        }
        let matrix = self.view();
        let numbers = match matrix.numbers {
            FloatSlice::Double(numbers) => selected(matrix.of(numbers), rows).into(),
            FloatSlice::Single(numbers) => selected(matrix.of(numbers), rows).into(),
        };
        Self {
            numbers,
            sides: [rows.len(), self.sides[1]],
            by_column: false,
        }
    }

    /// The same matrix, its numbers column by column.
    pub(super) fn by_column(&self) -> Self {
        fn columns<T: Float>(matrix: ArrayView2<T>) -> Vec<T> {
            matrix.t().iter().copied().collect()
        }
        let matrix = self.view();
        let numbers = match matrix.numbers {
            _ if self.by_column => return self.clone(),
            FloatSlice::Double(numbers) => columns(matrix.of(numbers)).into(),
            FloatSlice::Single(numbers) => columns(matrix.of(numbers)).into(),
        };
        Self {
            numbers,
            by_column: true,
            ..*self
        }
    }

    /// The numbers, in the order in which they lie.
    pub(super) fn into_numbers(self) -> Floats {
        self.numbers
    }

    /// The same [for use](Floats::for_use).
    pub(super) fn for_use(self) -> Self {
        Self {
            numbers: self.numbers.for_use(),
            ..self
        }
    }
}

impl<T: Float> From<Array2<T>> for Matrix
where
    Floats: From<Vec<T>>,
{
    fn from(matrix: Array2<T>) -> Self {
        let sides = matrix.dim().into();
        let by_column = !matrix.is_standard_layout() && matrix.t().is_standard_layout();
        let in_order = match by_column {
            true => matrix.reversed_axes(),
            false if matrix.is_standard_layout() => matrix,
            false => matrix.as_standard_layout().into_owned(),
        };
        let places = in_order.len();
        let (mut numbers, first) = in_order.into_raw_vec_and_offset();
        // Of a part of a larger array, that part.
        numbers.drain(..first.unwrap_or(0));
        numbers.truncate(places);
        Self {
            numbers: numbers.into(),
            sides,
            by_column,
        }
    }
}

impl<'s> FloatMatrix<'s> {
    /// How many rows and columns it has.
    pub fn dim(self) -> (usize, usize) {
        self.sides.into()
    }

    /// The numbers in the order in which they lie.
    pub fn numbers(self) -> FloatSlice<'s> {
        self.numbers
    }

    /// Whether the numbers of a column lie side by side, not those of a row.
    pub fn is_by_column(self) -> bool {
        self.by_column
    }

    /// A copy in 64 bits, which lies the same way.
    pub fn to_f64(self) -> Array2<f64> {
        match self.numbers {
            FloatSlice::Double(numbers) => self.of(numbers).to_owned(),
            FloatSlice::Single(numbers) => self.of(numbers).mapv(f64::from),
        }
    }

    /// The matrix of its numbers.
    pub(super) fn of<T>(self, numbers: &[T]) -> ArrayView2<'_, T> {
        ArrayView2::from_shape(self.sides.set_f(self.by_column), numbers)
            .expect("as many numbers as places")
    }

    /// For each column what `of`, of its place and |w|, comes to over all of its numbers w, from `first` on.
    pub(super) fn of_columns(
        self,
        first: f64,
        of: impl Fn(usize, f64) -> f64,
        and: impl Fn(f64, f64) -> f64,
    ) -> Vec<f64> {
        match self.numbers {
            FloatSlice::Double(numbers) => of_columns(self.of(numbers), first, of, and),
            FloatSlice::Single(numbers) => of_columns(self.of(numbers), first, of, and),
        }
    }
}

/// The same numbers at the same places, however they lie and whatever they are stored as.
impl PartialEq for FloatMatrix<'_> {
    fn eq(&self, other: &Self) -> bool {
        let alike = self.by_column == other.by_column;
        self.sides == other.sides
            && if alike {
                self.numbers == other.numbers
            } else {
                self.to_f64() == other.to_f64()
            }
    }
}

impl PartialEq for Matrix {
    fn eq(&self, other: &Self) -> bool {
        self.view() == other.view()
    }
}

/// As [`FloatMatrix::of_columns`], in the order in which the numbers lie: across it would stride over all of the memory.
fn of_columns<T: Float>(
    matrix: ArrayView2<T>,
    first: f64,
    of: impl Fn(usize, f64) -> f64,
    and: impl Fn(f64, f64) -> f64,
) -> Vec<f64> {
    let mut all = vec![first; matrix.ncols()];
    let next = |j: usize, all: &mut f64, w: &T| {
        let w: f64 = (*w).into();
        *all = and(*all, of(j, w.abs()));
    };
    if matrix.strides()[0] == 1 {
        for ((j, all), column) in all.iter_mut().enumerate().zip(matrix.columns()) {
            column.iter().for_each(|w| next(j, all, w));
        }
    } else {
        for row in matrix.rows() {
            let columns = all.iter_mut().enumerate().zip(row);
            columns.for_each(|((j, all), w)| next(j, all, w));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Axis, ShapeBuilder, s};

    use super::{Floats, Matrix};

    fn by_rows(numbers: &[f64], sides: [usize; 2]) -> Option<Matrix> {
        Matrix::by_rows(Floats::from(numbers.to_vec()), sides)
    }

    #[test]
    fn a_matrix_has_as_many_numbers_as_places_and_is_known_by_its_sides() {
        let numbers = [1.0, 2.0, 3.0, 4.0];
        for sides in [[2, 2], [1, 4], [4, 1]] {
            let matrix = by_rows(&numbers, sides).expect("4 places");
            assert_eq!(matrix.view().dim(), (sides[0], sides[1]));
            for other in [[2, 2], [1, 4], [4, 1]] {
                assert_eq!(
                    Some(&matrix) == by_rows(&numbers, other).as_ref(),
                    sides == other
                );
            }
        }
        for sides in [[2, 3], [0, 4], [usize::MAX, 2]] {
            assert_eq!(by_rows(&numbers, sides), None);
        }
    }

    #[test]
    fn a_matrix_turned_over_lies_by_columns_where_that_is_another_order() {
        for (sides, by_column) in [
            ([2, 3], true),
            ([3, 2], true),
            ([1, 6], false),
            ([6, 1], false),
        ] {
            let matrix = by_rows(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], sides).expect("6 places");
            let turned = matrix.clone().transposed();
            assert_eq!(turned.view().dim(), (sides[1], sides[0]));
            assert_eq!(turned.view().is_by_column(), by_column, "{sides:?}");
            assert_eq!(turned.view().to_f64(), matrix.view().to_f64().t());
            assert!(!turned.transposed().view().is_by_column());
        }
    }

    #[test]
    fn a_small_matrix_of_32_bits_is_widened_for_use() {
        let single = Array2::from_shape_fn((2, 3), |(i, j)| (3 * i + j) as f32);
        let matrix = Matrix::from(single).transposed();
        let used = matrix.clone().for_use();
        assert_eq!(used, matrix);
        assert!(used.view().is_by_column());
        assert!(matches!(used.into_numbers(), Floats::Double(_)));
    }

    #[test]
    fn of_a_part_of_an_array_that_part_is_taken() {
        let whole = Array2::from_shape_fn((4, 3), |(i, j)| (3 * i + j) as f64);
        for by_column in [false, true] {
            let mut own = Array2::zeros((4, 3).set_f(by_column));
            own.assign(&whole);
            let (rows, columns) = (
                own.clone().slice_move(s![1..3, ..]),
                own.slice_move(s![.., 1..]),
            );
            assert_eq!(
                Matrix::from(rows).view().to_f64(),
                whole.slice(s![1..3, ..])
            );
            assert_eq!(
                Matrix::from(columns).view().to_f64(),
                whole.slice(s![.., 1..])
            );
        }
    }

    #[test]
    fn a_matrix_is_the_same_however_it_lies_and_whatever_its_numbers_are_stored_as() {
        let single = Array2::from_shape_fn((3, 4), |(i, j)| (i * 4 + j) as f32 / 3.0 - 1.0);
        let double = single.mapv(f64::from);
        let mut columns = Array2::zeros((3, 4).f());
        columns.assign(&single);
        let wide = Array2::from_shape_fn((3, 8), |(i, j)| single[[i, j / 2]]);
        let every_other = wide.slice_move(s![.., ..;2]);
        let matrices: [Matrix; 4] = [
            single.into(),
            double.clone().into(),
            columns.into(),
            every_other.into(),
        ];
        let rows = [2, 0, 2];
        let by_column = [false, false, true, false];
        for (matrix, by_column) in matrices.iter().zip(by_column) {
            assert_eq!(*matrix, matrices[0]);
            assert_eq!(matrix.view().is_by_column(), by_column);
            assert_eq!(matrix.view().to_f64(), double);
            assert_eq!(
                matrix.select(&rows).view().to_f64(),
                double.select(Axis(0), &rows)
            );
            assert_eq!(matrix.by_column(), *matrix);
            assert!(matrix.by_column().view().is_by_column());
            let transposed = matrix.clone().transposed();
            assert_eq!(transposed.view().to_f64(), double.t());
            assert_eq!(transposed.transposed(), *matrix);
            let largest = matrix.view().of_columns(0.0, |_, w| w, f64::max);
            let expected = double.columns().into_iter();
            let expected =
                expected.map(|column| column.fold(0.0, |most: f64, w| most.max(w.abs())));
            assert_eq!(largest, expected.collect::<Vec<f64>>());
            let mut changed = matrix.clone();
            changed.to_mut()[[1, 2]] = 0.1;
            assert_eq!(changed.view().to_f64()[[1, 2]].to_bits(), 0.1_f64.to_bits());
            assert_ne!(changed, *matrix);
        }
    }
}
