//! What an input level refuses, and where its values lie.

use super::{Bounds, Input, LARGEST_LEVEL, Order, Shape};

fn picture(shape: [usize; 3], order: Order) -> Input {
    Input {
        shape: shape.to_vec(),
        order,
        ..Input::flat(1)
    }
}

#[test]
fn a_value_is_outside_where_it_is_below_or_above_its_bounds() {
    let same = Bounds::Same([-1.0, 2.0]);
    let each = Bounds::Each(vec![[0.0, 1.0], [-1.0, 2.0], [3.0, 3.0], [0.0, 9.0]]);
    assert_eq!([same.at(2), each.at(2)], [[-1.0, 2.0], [3.0, 3.0]]);
    let x = [-1.0, 2.0, 3.0, -1.5];
    assert_eq!(same.outside(&x), [2, 3]);
    assert_eq!(each.outside(&x), [0, 3]);
    assert_eq!(each.outside(&[1.0, -1.0, 2.5]), [2]);
}

#[test]
fn a_picture_has_its_channels_where_its_order_says() {
    let (first, last) = (Order::ChannelsFirst, Order::ChannelsLast);
    assert_eq!((first.name(), last.name()), ("chw", "hwc"));
    assert!(first.is_default() && !last.is_default());
    for (input, level, array, channels) in [
        (
            picture([2, 1, 3], first),
            Shape::Image([2, 1, 3]),
            vec![2, 1, 3],
            [0, 0, 0, 1, 1, 1],
        ),
        (
            picture([2, 3, 1], first),
            Shape::Image([2, 3, 1]),
            vec![2, 3, 1],
            [0, 0, 0, 1, 1, 1],
        ),
        (
            picture([2, 1, 3], last),
            Shape::Flat(6),
            vec![1, 3, 2],
            [0, 1, 0, 1, 0, 1],
        ),
        (Input::flat(6), Shape::Flat(6), vec![6], [0; 6]),
    ] {
        assert_eq!(input.check(), Ok(6));
        assert_eq!(input.level_shape(), level, "{input:?}");
        assert_eq!(input.array_shape(), array, "{input:?}");
        assert_eq!([0, 1, 2, 3, 4, 5].map(|i| input.channel(i)), channels);
    }
    let other = Input {
        array: Some(vec![6, 1]),
        ..Input::flat(6)
    };
    assert_eq!((other.check(), other.array_shape()), (Ok(6), vec![6, 1]));
}

#[test]
fn what_contradicts_itself_is_refused_by_its_key() {
    let flat = || Input::flat(2);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    for (input, expected) in [
        (
            Input {
                shape: vec![2, 2],
                ..flat()
            },
            "shape: expected [n] or [channels, height, width], found 2 numbers",
        ),
        (
            Input::flat(0),
            "shape: expected between 1 and 134,217,728 inputs, found [0]",
        ),
        (
            Input::flat(LARGEST_LEVEL + 1),
            "shape: expected between 1 and 134,217,728 inputs, found [134217729]",
        ),
        (
            picture([usize::MAX, 2, 1], Order::ChannelsFirst),
            "shape: expected between 1 and 134,217,728 inputs, found [18446744073709551615, 2, 1]",
        ),
        (
            Input {
                order: Order::ChannelsLast,
                ..flat()
            },
            "order: expected `shape` to be [channels, height, width] where `order` is \"hwc\", found [2]",
        ),
        (
            Input {
                array: Some(vec![2, 2]),
                ..flat()
            },
            "array: expected the shape of 2 values, found [2, 2]",
        ),
        (
            Input {
                array: Some(vec![usize::MAX, 3]),
                ..flat()
            },
            "array: expected the shape of 2 values, found [18446744073709551615, 3]",
        ),
        (
            Input {
                names: names(&["a"]),
                ..flat()
            },
            "names: expected 2 names, one for each input, found 1",
        ),
        (
            Input {
                names: names(&["a", "a"]),
                ..flat()
            },
            "names[1]: the name `a` is that of names[0] too",
        ),
        (
            Input {
                bounds: Some(Bounds::Each(vec![[0.0, 1.0]])),
                ..flat()
            },
            "bounds: expected two numbers, or two lists of 2 numbers, found lists of 1",
        ),
        (
            Input {
                bounds: Some(Bounds::Each(vec![[0.0, 1.0], [2.0, 1.0]])),
                ..flat()
            },
            "bounds: expected finite l ≤ h, found [2, 1]",
        ),
        (
            Input {
                bounds: Some(Bounds::Same([0.0, f64::INFINITY])),
                ..flat()
            },
            "bounds: expected finite l ≤ h, found [0, inf]",
        ),
        (
            Input {
                bounds: Some(Bounds::Same([f64::NEG_INFINITY, 0.0])),
                ..flat()
            },
            "bounds: expected finite l ≤ h, found [-inf, 0]",
        ),
        (
            Input {
                scale: Some(0.0),
                ..flat()
            },
            "scale: expected a number above 0, by which the values of a file are divided, found 0",
        ),
        (
            Input {
                scale: Some(f64::INFINITY),
                ..flat()
            },
            "scale: expected a number above 0, by which the values of a file are divided, found inf",
        ),
    ] {
        let refused = input.check().expect_err("it contradicts itself");
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
    let well = Input {
        names: names(&["a", "b"]),
        bounds: Some(Bounds::Same([1.0, 1.0])),
        scale: Some(255.0),
        ..flat()
    };
    assert_eq!(well.check(), Ok(2));
    assert_eq!(Input::flat(LARGEST_LEVEL).check(), Ok(LARGEST_LEVEL));
}
