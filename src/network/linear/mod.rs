//! The linear maps that layers are made of, a file a kind.
//!
//! A batch is a matrix whose rows are samples. [`Linear::apply`] carries values up, `y_j = Σ_i x_i w_ij`;
//! [`Frozen::adjoint`] carries them down, `x_i = Σ_j w_ij y_j`, on the map that it is [at](Linear::at) a sample. [`Linear::ties`] gives the same unit by unit, for what
//! looks at single weights: exact arithmetic, expansions, causes. Nothing else in the crate asks for the kind of a map.

mod cols;
mod conv2d;
mod conv_gradient;
mod conv_products;
mod dense;
mod frozen;
mod gather;
mod gradient;
mod kind;
mod max_pool2d;
mod place;
mod pool2d;
mod reweighed;
mod reweighing;
mod scale;
mod strips;
mod sum_pool;
mod sweep;
mod ties;
mod window;

use ndarray::{ArrayView2, ArrayViewMut2};

use super::mapped::Mapped;
use super::{Domain, FloatSlice};
use crate::error::Invalid;
pub use conv2d::Conv2d;
pub use dense::Dense;
pub use frozen::Frozen;
pub use gather::Gather;
pub(crate) use gradient::Gradient;
pub use kind::Kind;
pub use max_pool2d::MaxPool2d;
pub use place::Place;
pub use pool2d::Pool2d;
pub use reweighed::Reweighed;
pub use reweighing::Reweighing;
pub(crate) use reweighing::power_of_two_below;
pub use scale::Scale;
pub use sum_pool::SumPool;
pub use ties::{Tie, Ties, Weight};
pub use window::Window;

/// A linear map from the units of one level to those of the next, without bias and activation.
#[derive(Debug, Clone, PartialEq)]
pub enum Linear {
    /// Every input is tied to every unit by a weight of its own.
    Dense(Dense),
    /// The same weights at every place of a picture.
    Conv2d(Conv2d),
    /// Every unit adds up a run of neighbouring inputs.
    SumPool(SumPool),
    /// Every unit adds up a window of a picture, or averages over it.
    Pool2d(Pool2d),
    /// Every unit is the largest value in a window of a picture: linear only where it is [frozen](Linear::at).
    MaxPool2d(MaxPool2d),
    /// A branch of an addition or of a concatenation.
    Place(Place),
    /// Every value has a weight of its own or of its channel.
    Scale(Scale),
    /// Values are picked, in any order.
    Gather(Gather),
}

/// What is known of a kind.
struct About {
    /// As the network file and the results spell it.
    name: &'static str,
    /// What one is called in sentences.
    noun: &'static str,
    /// What it is to a rule.
    role: Role,
}

/// What maps of a kind are to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// They have weights of their own, which a rule can look at.
    Weights,
    /// They share relevance in proportion to the values below, and equally where these are all 0.
    Pool,
    /// They hand all relevance to the largest of the values below.
    Maximum,
    /// They add up levels: a pool over values that cannot be negative, under the layer's rule elsewhere.
    Addition,
    /// Every unit has a single input, to which its relevance goes.
    Routing,
}

impl Linear {
    /// The map's kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Dense(_) => Kind::Dense,
            Self::Conv2d(_) => Kind::Conv2d,
            Self::SumPool(_) => Kind::SumPool,
            Self::Pool2d(pool) if pool.is_average() => Kind::AvgPool2d,
            Self::Pool2d(_) => Kind::SumPool2d,
            Self::MaxPool2d(_) => Kind::MaxPool2d,
            Self::Place(place) if place.is_addition() => Kind::Add,
            Self::Place(_) => Kind::Concat,
            Self::Scale(_) => Kind::Scale,
            Self::Gather(_) => Kind::Gather,
        }
    }

    /// Number of units below the map, and above it.
    fn levels(&self) -> [usize; 2] {
        match self {
            Self::Dense(map) => map.levels(),
            Self::Conv2d(map) => map.levels(),
            Self::SumPool(map) => map.levels(),
            Self::Pool2d(map) => map.levels(),
            Self::MaxPool2d(map) => map.levels(),
            Self::Place(map) => map.levels(),
            Self::Scale(map) => map.levels(),
            Self::Gather(map) => map.levels(),
        }
    }

    /// Channels, height and width of the picture that the map reads; none where it reads values of any shape.
    pub fn picture(&self) -> Option<[usize; 3]> {
        match self {
            Self::Conv2d(map) => Some(map.input()),
            Self::Pool2d(map) => Some(map.input()),
            Self::MaxPool2d(map) => Some(map.input()),
            Self::Dense(_)
            | Self::SumPool(_)
            | Self::Place(_)
            | Self::Scale(_)
            | Self::Gather(_) => None,
        }
    }

    /// Number of units below the map.
    pub fn inputs(&self) -> usize {
        self.levels()[0]
    }

    /// Number of units above the map.
    pub fn outputs(&self) -> usize {
        self.levels()[1]
    }

    /// The numbers that the map stores, in the order of the network file; [`Weight::Stored`] counts them.
    pub fn stored(&self) -> FloatSlice<'_> {
        match self {
            Self::Dense(dense) => dense.stored(),
            Self::Conv2d(conv) => conv.stored(),
            Self::Scale(scale) => FloatSlice::Double(scale.weights()),
            Self::SumPool(_)
            | Self::Pool2d(_)
            | Self::MaxPool2d(_)
            | Self::Place(_)
            | Self::Gather(_) => FloatSlice::Double(&[]),
        }
    }

    /// The file that its weights stay in, if they do.
    pub(super) fn mapped(&self) -> Option<&Mapped> {
        match self {
            Self::Dense(dense) => dense.mapped(),
            _ => None,
        }
    }

    /// Number of weights that are stored.
    pub fn parameters(&self) -> usize {
        self.stored().len()
    }

    /// How often a weight is multiplied for one sample; of a map without weights, how many values it makes.
    pub fn multiplications(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.stored().len(),
            Self::Conv2d(conv) => conv.multiplications(),
            _ => self.outputs(),
        }
    }

    /// `y_j = Σ_i x_i w_ij` for every row x of a batch.
    ///
    /// `x` is samples × inputs, `y` samples × outputs; what `y` held is overwritten.
    pub fn apply(&self, x: ArrayView2<f64>, y: ArrayViewMut2<f64>) {
        match self {
            Self::Dense(map) => map.apply(x, y),
            Self::Conv2d(map) => map.apply(x, y),
            Self::SumPool(map) => map.apply(x, y),
            Self::Pool2d(map) => map.apply(x, y),
            Self::MaxPool2d(map) => map.apply(x, y),
            Self::Place(map) => map.apply(x, y),
            Self::Scale(map) => map.apply(x, y),
            Self::Gather(map) => map.apply(x, y),
        }
    }

    /// The same map with its numbers stored unit by unit, so that the [ties](Self::ties) of one lie side by side.
    #[must_use]
    pub fn by_unit(&self) -> Self {
        match self {
            Self::Dense(dense) => Self::Dense(dense.by_unit()),
            // A convolution's are so already.
            _ => self.clone(),
        }
    }

    /// The domain of `Σ_i x_i w_ij`, given that of the inputs.
    pub(super) fn domain(&self, inputs: &Domain) -> Domain {
        match self {
            Self::Dense(map) => map.domain(inputs),
            Self::Conv2d(map) => map.domain(inputs),
            Self::SumPool(map) => map.domain(inputs),
            Self::Pool2d(map) => map.domain(inputs),
            Self::MaxPool2d(map) => map.domain(inputs),
            Self::Place(map) => map.domain(inputs),
            Self::Scale(map) => map.domain(inputs),
            Self::Gather(map) => map.domain(inputs),
        }
    }

    /// Whether the map fits on a level of `units` units.
    pub(super) fn check_inputs(&self, units: usize) -> Result<(), Invalid> {
        if self.inputs() == units {
            return Ok(());
        }
        Err(match self {
            Self::Dense(map) => map.misfit(units),
            Self::Conv2d(map) => map.misfit(units),
            Self::SumPool(map) => map.misfit(units),
            Self::Pool2d(map) => map.misfit(units),
            Self::MaxPool2d(map) => map.misfit(units),
            Self::Place(map) => map.misfit(units),
            Self::Scale(map) => map.misfit(units),
            Self::Gather(map) => map.misfit(units),
        })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, ShapeBuilder};

    use super::{
        Conv2d, Dense, Gather, Kind, Linear, MaxPool2d, Place, Pool2d, Scale, SumPool, Window,
    };
    use crate::network::{Bounds, Domain};

    /// Weights of either sign, some of them 0, some far from the others.
    fn weight(k: usize) -> f64 {
        [0.0, 1.5, -0.7, 3.0, 1e-3, -6.0, 0.25][k * 5 % 7]
    }

    /// Windows of every sort, each with a picture that it fits.
    fn windows() -> impl Iterator<Item = ([usize; 2], Window)> {
        let window = |kernel, stride, dilation, padding| Window {
            kernel,
            stride,
            dilation,
            padding,
        };
        [
            ([4, 5], window([2, 3], [1, 1], [1, 1], [0; 4])),
            ([4, 5], window([3, 3], [1, 1], [1, 1], [1; 4])),
            ([5, 4], window([3, 2], [2, 1], [1, 1], [1, 0, 2, 1])),
            ([6, 1], window([2, 1], [2, 2], [3, 1], [2, 0, 0, 0])),
            ([1, 7], window([1, 3], [1, 3], [4, 2], [0, 1, 0, 2])),
            ([3, 3], window([1, 1], [1, 1], [1, 1], [0; 4])),
            ([3, 3], window([1, 1], [2, 2], [1, 1], [0; 4])),
            ([2, 2], window([2, 2], [2, 2], [1, 1], [0; 4])),
        ]
        .into_iter()
    }

    fn conv(
        [height, width]: [usize; 2],
        window: Window,
        [channels, out, groups]: [usize; 3],
    ) -> Linear {
        let shape = [out, channels / groups, window.kernel[0], window.kernel[1]];
        let weights = (0..shape.iter().product()).map(weight).collect();
        let map = Conv2d::new([channels, height, width], weights, shape, window, groups);
        Linear::Conv2d(map.expect("a convolution"))
    }

    /// Maps of each kind that are the same at every sample, dense ones in both orders.
    pub fn maps() -> Vec<Linear> {
        let rows = Array2::from_shape_fn((4, 2), |(i, j)| weight(2 * i + j));
        let columns = Array2::from_shape_fn((4, 2).f(), |(i, j)| weight(2 * i + j));
        let dense = |weights| Linear::Dense(Dense::new(weights).expect("finite"));
        let place =
            |offset, outputs| Linear::Place(Place::new(3, offset, outputs).expect("it fits"));
        let picked = vec![Some(3), None, Some(0), Some(3), None];
        let mut maps = vec![
            dense(rows),
            dense(columns),
            Linear::SumPool(SumPool::new(6, 2).expect("2 divides 6")),
            place(0, 3),
            place(0, 5),
            place(2, 5),
            Linear::Scale(Scale::new(vec![2.5, 0.0, -0.3], 2).expect("finite")),
            Linear::Gather(Gather::new(4, picked).expect("inside")),
        ];
        for (picture, window) in windows() {
            let input = [2, picture[0], picture[1]];
            let pools = [
                Pool2d::sum(input, window),
                Pool2d::average(input, window, false),
                Pool2d::average(input, window, true),
            ];
            maps.extend(pools.map(|pool| Linear::Pool2d(pool.expect("a pool"))));
            let convolutions = [[1, 1, 1], [2, 3, 1], [4, 2, 2], [3, 6, 3]];
            maps.extend(convolutions.map(|channels| conv(picture, window, channels)));
        }
        // A convolution may see padding alone.
        let (picture, mut window) = windows().next().expect("a window");
        window.padding = [3, 4, 3, 3];
        maps.push(conv(picture, window, [2, 2, 1]));
        window.kernel = [1, 1];
        maps.push(conv(picture, window, [2, 2, 1]));
        maps
    }

    pub fn max_pools() -> impl Iterator<Item = Linear> {
        windows().map(|(picture, window)| {
            let pool = MaxPool2d::new([2, picture[0], picture[1]], window);
            Linear::MaxPool2d(pool.expect("a pool"))
        })
    }

    /// The weights of a map, inputs × outputs, as `apply` has them.
    pub fn applied(map: &Linear) -> Array2<f64> {
        let mut up = Array2::from_elem((map.inputs(), map.outputs()), f64::NAN);
        map.apply(Array2::eye(map.inputs()).view(), up.view_mut());
        up
    }

    #[test]
    fn there_is_a_map_of_every_kind() {
        let maps: Vec<Linear> = maps().into_iter().chain(max_pools()).collect();
        for kind in Kind::ALL {
            assert!(maps.iter().any(|map| map.kind() == kind), "{kind}");
        }
    }

    #[test]
    fn values_within_their_bounds_stay_within_the_domain_that_a_map_makes_of_them() {
        let same = |bounds| Domain::Box(Bounds::Same(bounds));
        for map in maps().into_iter().chain(max_pools()) {
            let each = (0..map.inputs()).map(|i| [-weight(i).abs(), weight(i + 1).abs()]);
            for domain in [
                Domain::NonNegative,
                same([-1.0, 2.0]),
                same([0.0, 1.0]),
                Domain::Box(Bounds::Each(each.collect())),
            ] {
                let at = |(n, i): (usize, usize)| {
                    let [low, high] = domain.at(i);
                    let high = if high.is_finite() { high } else { 9.0 };
                    [low, high][(n * 7 + i * 3 + n * i) % 5 % 2]
                };
                let x = Array2::from_shape_fn((6, map.inputs()), at);
                let mut y = Array2::zeros((6, map.outputs()));
                map.apply(x.view(), y.view_mut());
                let made = map.domain(&domain);
                for ((_, j), y) in y.indexed_iter() {
                    let [low, high] = made.at(j);
                    assert!(
                        low - 1e-12 <= *y && *y <= high + 1e-12,
                        "{y} of {made:?}, {map:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_map_on_a_level_of_another_size_is_refused_by_its_key() {
        for map in maps().into_iter().chain(max_pools()) {
            assert!(map.check_inputs(map.inputs()).is_ok());
            let misfit = map
                .check_inputs(map.inputs() + 1)
                .expect_err("another size");
            let key = match map.kind() {
                Kind::Dense | Kind::Scale => "weights",
                Kind::SumPool => "size",
                Kind::Gather => "indices",
                _ => "from",
            };
            assert_eq!(misfit.path, key);
        }
    }
}
