//! The library's network of plain numbers.

use deeptaylor::network::linear::{Conv2d, Gather, MaxPool2d, Pool2d, Scale, Window};
use deeptaylor::network::{Linear, Shape};
use deeptaylor::{Activation, Bounds, Input, Layer, Network};
use ndarray::Array2;

use super::plain::{self, Function, Graph, Map, Node, sides};

impl Graph {
    /// The network; every layer is named after its level.
    pub fn network(&self) -> Network {
        let shapes = self.shapes();
        let layers = self.nodes.iter().enumerate().map(|(l, node)| {
            let from: Vec<_> = (node.from.iter())
                .map(|&level| shapes[level].clone())
                .collect();
            let layer = layer(node, &from, &shapes[l + 1]);
            layer.named(format!("level {}", l + 1)).reading(&node.from)
        });
        let input = Input {
            bounds: self.bounds.clone().map(|each| match each[..] {
                [first, ..] if each.iter().all(|bounds| *bounds == first) => Bounds::Same(first),
                _ => Bounds::Each(each),
            }),
            shape: self.shape.clone(),
            ..Input::flat(1)
        };
        Network::new(input, layers.collect()).expect("a network")
    }
}

fn shape(sides: &[usize]) -> Shape {
    match *sides {
        [channels, height, width] => Shape::Image([channels, height, width]),
        _ => Shape::Flat(plain::size(sides)),
    }
}

fn window(window: plain::Window) -> Window {
    let plain::Window {
        kernel,
        stride,
        dilation,
        padding,
    } = window;
    Window {
        kernel,
        stride,
        dilation,
        padding,
    }
}

fn layer(node: &Node, from: &[Vec<usize>], made: &[usize]) -> Layer {
    let activation = match node.activation {
        Function::Relu => Activation::Relu,
        Function::Relu6 => Activation::Relu6,
        Function::Identity => Activation::Identity,
    };
    let (bias, inputs, picture) = (node.bias.clone(), plain::size(&from[0]), sides(&from[0]));
    let of = |map: Linear| Layer::new(map, shape(made), bias.clone(), activation);
    let shapes: Vec<Shape> = from.iter().map(|sides| shape(sides)).collect();
    let layer = match &node.map {
        Map::Dense { weights } => {
            let weights = Array2::from_shape_fn((inputs, made[0]), |(i, j)| weights[i][j]);
            Layer::dense(weights, bias, activation)
        }
        Map::Conv {
            weights,
            window: over,
            groups,
        } => {
            let sides = [
                weights.len(),
                weights[0].len(),
                over.kernel[0],
                over.kernel[1],
            ];
            let flat = weights.iter().flatten().flatten().flatten().copied();
            let map = Conv2d::new(picture, flat.collect(), sides, window(*over), *groups);
            of(Linear::Conv2d(map.expect("a convolution")))
        }
        Map::SumPool { size } => {
            let map = deeptaylor::network::linear::SumPool::new(inputs, *size);
            of(Linear::SumPool(map.expect("a pool")))
        }
        Map::SumPool2d { window: over } => of(Linear::Pool2d(
            Pool2d::sum(picture, window(*over)).expect("a pool"),
        )),
        Map::AvgPool2d {
            window: over,
            count_padding,
        } => {
            let map = Pool2d::average(picture, window(*over), *count_padding);
            of(Linear::Pool2d(map.expect("a pool")))
        }
        Map::MaxPool2d { window: over } => of(Linear::MaxPool2d(
            MaxPool2d::new(picture, window(*over)).expect("a pool"),
        )),
        Map::Add => Layer::add(&shapes, activation),
        Map::Concat => Layer::concat(&shapes, activation),
        Map::Scale { weights } => {
            let map = Scale::new(weights.clone(), inputs / weights.len());
            of(Linear::Scale(map.expect("a scale")))
        }
        Map::Gather { indices, .. } => of(Linear::Gather(
            Gather::new(inputs, indices.clone()).expect("indices"),
        )),
    };
    layer.expect("a layer")
}
